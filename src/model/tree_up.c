/* SPDX-License-Identifier: MIT
 *
 * Bottom-up: first the lines that allocated, below each its callers.  A
 * branch is a list of climbs: tracebacks that end in the same lines, each
 * with a cursor at the line where the branch is.  Only what is open is
 * expanded, so most climbs are never made.
 */
#include "model/tree_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define KEY_UP (1ull << 63)     /* apart from the keys of top-down trees */

static tree_key
key_below(tree_key above, uint32_t line)
{
    uint64_t mixed = (above + line + 1) * 0x9e3779b97f4a7c15ull;

    return KEY_UP | (mixed ^ mixed >> 29);
}

/* The line of a cursor's caller, CATALOG_NONE: it has none. */
static uint32_t
caller_line(const struct tree_build *build, const struct tree_climb *climb)
{
    uint32_t caller = build->nodes[climb->cursor].parent;

    return caller != CATALOG_NONE ? build->nodes[caller].line : CATALOG_NONE;
}

/* All climbs go on to the same line, if they go on at all. */
static bool
is_together(const struct tree_build *build, const struct branch *branch)
{
    uint32_t line = caller_line(build, &branch->climbs[0]);

    for (size_t i = 1; i < branch->climb_count; i++) {
        if (caller_line(build, &branch->climbs[i]) != line) {
            return false;
        }
    }
    return true;
}

/* Follow the callers up to where they part; then it can be opened. */
static void
climb_chain(const struct tree_build *build, struct branch *branch)
{
    if (branch->climb_count == 1) {
        /* Nothing can part: the chain goes to the outermost line. */
        branch->tail = CATALOG_NONE;
        return;
    }
    while (is_together(build, branch)) {
        if (caller_line(build, &branch->climbs[0]) == CATALOG_NONE) {
            branch->tail = branch->climbs[0].cursor;
            return;
        }
        for (size_t i = 0; i < branch->climb_count; i++) {
            branch->climbs[i].cursor
                = build->nodes[branch->climbs[i].cursor].parent;
        }
    }
    branch->tail = branch->climbs[0].cursor;
    branch->can_open = true;
}

/* A branch of climbs whose cursors all stand on the same line. */
static void
add_branch(const struct tree_build *build, struct tree_climb *climbs,
           size_t count, tree_key above, struct branches *below)
{
    struct branch *branch = branches_add(below);

    *branch = (struct branch){
        .key = key_below(above, build->nodes[climbs[0].cursor].line),
        .kind = TREE_CHAIN,
        .head = climbs[0].cursor,
        .source = climbs[0].source,
        .climbs = climbs,
        .climb_count = count,
    };
    for (size_t i = 0; i < count; i++) {
        tree_cost_add(&branch->cost, &build->scratch->own[climbs[i].source]);
    }
    climb_chain(build, branch);
}

/* What was called from nowhere, beside what has callers. */
static void
add_outermost(const struct tree_build *build,
              const struct tree_climb *climbs, size_t count, tree_key above,
              struct branches *below)
{
    struct branch *branch = branches_add(below);

    *branch = (struct branch){
        .key = key_below(above, CATALOG_NONE),
        .kind = TREE_ITSELF,
        .head = climbs[0].cursor,
        .tail = climbs[0].cursor,
        .source = climbs[0].source,
    };
    for (size_t i = 0; i < count; i++) {
        tree_cost_add(&branch->cost, &build->scratch->own[climbs[i].source]);
    }
}

static int
compare_callers(const void *a, const void *b, void *arg)
{
    const struct tree_build *build = arg;
    const struct tree_climb *left = a, *right = b;
    uint32_t left_line = caller_line(build, left);
    uint32_t right_line = caller_line(build, right);

    if (left_line != right_line) {
        return left_line < right_line ? -1 : 1;
    }
    return left->source < right->source ? -1 : left->source > right->source;
}

static void
expand_callers(const struct tree_build *build, const struct branch *branch,
               struct branches *below)
{
    size_t count = branch->climb_count;
    struct tree_climb *climbs = xreallocarray(NULL, count, sizeof(*climbs));

    below->climbs = climbs;
    memcpy(climbs, branch->climbs, count * sizeof(*climbs));
    qsort_r(climbs, count, sizeof(*climbs), compare_callers, (void *)build);
    for (size_t first = 0, end; first < count; first = end) {
        uint32_t line = caller_line(build, &climbs[first]);
        end = first + 1;
        while (end < count && caller_line(build, &climbs[end]) == line) {
            end++;
        }
        if (line == CATALOG_NONE) {
            add_outermost(build, climbs + first, end - first, branch->key,
                          below);
            continue;
        }
        for (size_t i = first; i < end; i++) {
            climbs[i].cursor = build->nodes[climbs[i].cursor].parent;
        }
        add_branch(build, climbs + first, end - first, branch->key, below);
    }
}

/* All tracebacks that hold something, sorted by line by counting. */
static void
expand_lines(const struct tree_build *build, struct branches *below)
{
    const struct tree_cost *own = build->scratch->own;
    uint32_t lines = build->catalog->line_count;
    uint32_t *ends = xcalloc((size_t)lines + 1, sizeof(*ends));

    for (uint32_t node = 1; node < build->node_count; node++) {
        if (!tree_cost_is_nothing(build, &own[node])) {
            ends[build->nodes[node].line + 1]++;
        }
    }
    for (uint32_t line = 0; line < lines; line++) {
        ends[line + 1] += ends[line];
    }
    below->climbs = xreallocarray(NULL, ends[lines], sizeof(*below->climbs));
    for (uint32_t node = 1; node < build->node_count; node++) {
        if (!tree_cost_is_nothing(build, &own[node])) {
            below->climbs[ends[build->nodes[node].line]++]
                = (struct tree_climb){node, node};
        }
    }
    /* Now ends[line] is where the line's climbs end. */
    for (uint32_t line = 0, first = 0; line < lines; line++) {
        if (ends[line] > first) {
            add_branch(build, below->climbs + first, ends[line] - first,
                       TREE_KEY_NONE, below);
            first = ends[line];
        }
    }
    free(ends);
}

void
tree_expand_up(const struct tree_build *build, const struct branch *branch,
               struct branches *below)
{
    const struct tree_cost *rest = &build->scratch->own[CATALOG_NONE];

    if (branch != NULL) {
        expand_callers(build, branch, below);
        return;
    }
    expand_lines(build, below);
    if (!tree_cost_is_nothing(build, rest)) {
        *branches_add(below) = (struct branch){
            .key = key_below(TREE_KEY_NONE, CATALOG_NONE),
            .kind = TREE_NOT_MINE,
            .cost = *rest,
        };
    }
}
