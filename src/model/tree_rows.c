/* SPDX-License-Identifier: MIT
 *
 * Looking at a tree's rows: finding, summing, writing them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "model/location.h"
#include "model/tree_private.h"

int64_t
tree_find(const struct tree *tree, tree_key key)
{
    for (uint32_t i = 0; i < tree->count; i++) {
        if (tree->rows[i].key == key) {
            return i;
        }
    }
    return -1;
}

void
tree_more(const struct tree *tree, uint32_t first, uint32_t visible,
          struct table_row *more)
{
    uint32_t end = first < tree->count && visible < tree->count - first
        ? first + visible : tree->count;

    *more = tree->total;
    more->places = tree->count;
    for (uint32_t i = first; i < end; i++) {
        const struct tree_row *row = &tree->rows[i];
        more->places--;
        if (row->parent != UINT32_MAX && row->parent >= first) {
            continue;           /* part of a visible row */
        }
        cost_subtract(&more->own, &row->cost.own);
        more->bytes -= row->cost.bytes;
        more->blocks -= row->cost.blocks;
        more->base_bytes -= row->cost.base_bytes;
        more->base_blocks -= row->cost.base_blocks;
        more->delta_bytes -= row->cost.delta_bytes;
        more->delta_blocks -= row->cost.delta_blocks;
    }
}

static const struct catalog_traceback *
nodes_of(const struct tree *tree)
{
    const struct catalog *catalog = tree->request.catalog;

    return tree->request.unfold_import ? catalog->tracebacks
        : catalog->folded;
}

size_t
tree_row_lines(const struct tree *tree, const struct tree_row *row,
               uint32_t *lines, size_t max)
{
    const struct catalog_traceback *nodes = nodes_of(tree);
    bool to_tail = tree->bottom_up && row->can_open;
    size_t count = 0;

    if (row->kind == TREE_MORE || row->kind == TREE_NOT_MINE) {
        return 0;
    }
    for (uint32_t node = row->source; node != CATALOG_NONE;
         node = nodes[node].parent) {
        if (count < max) {
            lines[count] = nodes[node].line;
        }
        count++;
        if (to_tail && node == row->tail) {
            break;
        }
    }
    return count;
}

/* The nodes of a row's chain in the order of writing; the caller frees. */
static uint32_t *
chain_of(const struct tree *tree, const struct tree_row *row, size_t *count)
{
    const struct catalog_traceback *nodes = nodes_of(tree);
    uint32_t inner = tree->bottom_up ? row->head : row->tail;
    uint32_t outer = tree->bottom_up ? row->tail : row->head;
    uint32_t *chain = NULL;
    size_t room = 0;

    *count = 0;
    for (uint32_t node = inner; node != CATALOG_NONE;
         node = nodes[node].parent) {
        chain = xgrow(chain, &room, *count + 1, sizeof(*chain));
        chain[(*count)++] = node;
        if (node == outer) {
            break;
        }
    }
    for (size_t i = 0; !tree->bottom_up && i < *count / 2; i++) {
        uint32_t swapped = chain[i];
        chain[i] = chain[*count - 1 - i];
        chain[*count - 1 - i] = swapped;
    }
    return chain;
}

/* The line that stands before a row's first one: its parent's. */
static uint32_t
line_above(const struct tree *tree, const struct tree_row *row)
{
    const struct catalog_traceback *nodes = nodes_of(tree);
    uint32_t parent = row->parent;

    while (parent != UINT32_MAX && tree->rows[parent].kind == TREE_MORE) {
        parent = tree->rows[parent].parent;
    }
    return parent == UINT32_MAX ? CATALOG_NONE
        : nodes[tree->rows[parent].tail].line;
}

static void
add_chain_text(const struct tree *tree, const struct tree_row *row,
               struct strbuf *words, int cells, bool ascii)
{
    const struct catalog_traceback *nodes = nodes_of(tree);
    const struct catalog *catalog = tree->request.catalog;
    const char *arrow = tree->bottom_up
        ? ascii ? " <- " : " \xe2\x86\x90 "
        : ascii ? " -> " : " \xe2\x86\x92 ";
    size_t count;
    uint32_t *chain = chain_of(tree, row, &count);
    uint32_t before = line_above(tree, row);

    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            strbuf_add_text(words, arrow);
        }
        location_add_link(words, catalog, nodes[chain[i]].line, before);
        before = nodes[chain[i]].line;
        if (tree->bottom_up && cells > 0 && words->len > (size_t)cells * 4) {
            break;                      /* it will be cut there */
        }
    }
    if (!tree->bottom_up && cells > 0 && count > 2
        && utf8_width(words->text) > cells) {
        /* Of a long chain the ends matter: who called, who allocated. */
        strbuf_clear(words);
        location_add_link(words, catalog, nodes[chain[0]].line,
                          line_above(tree, row));
        strbuf_addf(words, "%s%s%s", arrow, ascii ? "~" : "\xe2\x80\xa6",
                    arrow);
        location_add_link(words, catalog, nodes[chain[count - 1]].line,
                          CATALOG_NONE);
    }
    free(chain);
}

/* `3 more: shop/load.py:53, :52, :59 ingest`. */
static void
add_more_text(const struct tree *tree, const struct tree_row *row,
              struct strbuf *words, int cells)
{
    const struct catalog_traceback *nodes = nodes_of(tree);
    const struct catalog *catalog = tree->request.catalog;
    uint32_t before = line_above(tree, row);
    uint32_t function = CATALOG_NONE;
    bool same_function = true;

    strbuf_addf(words, "%u more: ", row->siblings);
    for (uint32_t i = 0; i < row->siblings; i++) {
        uint32_t line = nodes[tree->scratch->further[row->head + i]].line;
        const struct catalog_line *place = catalog_line(catalog, line);
        size_t from = words->len;
        location_add_link(words, catalog, line, before);
        /* Without the function's name, which may follow at the end. */
        char *space = strchr(words->text + from, ' ');
        if (place->file >= CATALOG_FIRST && space != NULL
            && strrchr(words->text + from, ' ') == space) {
            strbuf_cut(words, (size_t)(space - words->text));
        }
        if (i == 0) {
            function = place->function;
        }
        same_function = same_function && place->function == function
            && place->file >= CATALOG_FIRST;
        if (i + 1 < row->siblings) {
            strbuf_add_text(words, ", ");
        }
        before = line;
        if (cells > 0 && words->len > (size_t)cells * 4) {
            return;
        }
    }
    if (same_function) {
        strbuf_addf(words, " %s",
                    catalog_function(catalog, function)->short_name);
    }
}

void
tree_row_text(const struct tree *tree, const struct tree_row *row,
              struct strbuf *buf, int cells, bool ascii)
{
    struct strbuf words;

    strbuf_init(&words);
    switch (row->kind) {
    case TREE_CHAIN:
        add_chain_text(tree, row, &words, cells, ascii);
        break;
    case TREE_MORE:
        add_more_text(tree, row, &words, cells);
        break;
    case TREE_ITSELF:
        strbuf_add_text(&words, tree->bottom_up ? "outermost: no caller"
                        : "itself");
        break;
    case TREE_NOT_MINE:
        strbuf_add_text(&words, "no line of yours");
        break;
    }
    if (cells > 0) {
        utf8_add_cut_right(buf, words.text, cells, ascii);
    }
    else {
        strbuf_add_text(buf, words.text);
    }
    strbuf_release(&words);
}
