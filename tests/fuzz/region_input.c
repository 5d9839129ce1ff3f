/* SPDX-License-Identifier: MIT */
#include "region_input.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "model/history.h"
#include "model/sort.h"
#include "model/table.h"
#include "model/tree.h"
#include "model/trend.h"
#include "report/report.h"

#define FILE_SIZE (9u << 18)        /* of the region: small slots are fast */

/* What pymtop keeps from look to look. */
struct looker {
    struct region_input *input;
    struct catalog catalog;
    struct region_copy copy;
    struct snapshot live, first;
    bool has_first, has_table;
    struct table table;
    struct tree tree;
    struct tree_folds folds;
    struct trend *trend;
    struct filter filter;
};

static FILE *nowhere;

struct region_input *
region_input_reset(void)
{
    static struct region_input input = {.region = {.fd = -1}};
    struct region *region = &input.region;

    if (region->fd < 0) {
        struct rlimit old, small;
        char why[200];
        getrlimit(RLIMIT_FSIZE, &old);
        small = old;
        small.rlim_cur = FILE_SIZE;
        setrlimit(RLIMIT_FSIZE, &small);
        fuzz_check(region_create(region, why, sizeof(why)) == 0);
        setrlimit(RLIMIT_FSIZE, &old);
        nowhere = fopen("/dev/null", "w");
    }
    fuzz_check(fallocate(region->fd, FALLOC_FL_PUNCH_HOLE
                         | FALLOC_FL_KEEP_SIZE, REGION_PAGE,
                         (off_t)(region->sizes.size - REGION_PAGE)) == 0);
    memcpy(region->header, &region->sizes, sizeof(region->sizes));
    region->header->slot_owner[0] = 1;
    input.head = region_slot(region, 0);
    fuzz_check(input.head != NULL);
    region->windows[0].takes = 0;
    input.head->state = SLOT_RUNNING;
    input.head->python_hex = 0x030c01f0;
    return &input;
}

/* --- orders that write ----------------------------------------------------*/

static void
write_entry(struct region_input *input, struct fuzz_input *data,
            uint64_t offset, uint32_t max, size_t size)
{
    uint32_t index = fuzz_short(data) % max;

    fuzz_take(data, (char *)input->head + offset + index * size, size);
}

static void
write_bytes(struct fuzz_input *data, char *to, size_t room)
{
    size_t offset = fuzz_short(data) % room;
    size_t len = fuzz_byte(data);

    if (len > room - offset) {
        len = room - offset;
    }
    if (len > data->left) {
        len = data->left;
    }
    fuzz_take(data, to + offset, len);
}

static void
write_counts(struct region_input *input, struct fuzz_input *data)
{
    struct slot_head *head = input->head;

    head->contexts = head->totals.contexts = fuzz_word(data);
    head->cells = head->totals.cells = fuzz_word(data);
    head->codes = fuzz_word(data);
    head->bytes_used = fuzz_word(data);
}

static bool
write_order(struct region_input *input, struct fuzz_input *data, char order)
{
    const struct region_header *sizes = &input->region.sizes;
    char *base = (char *)input->head;

    switch (order) {
    case 'c':
        write_entry(input, data, sizes->contexts_offset, sizes->contexts_max,
                    sizeof(struct region_context));
        return true;
    case 'C':
        write_entry(input, data, sizes->codes_offset, sizes->codes_max,
                    sizeof(struct region_code));
        return true;
    case 'l':
        write_entry(input, data, sizes->cells_offset, sizes->cells_max,
                    sizeof(struct region_cell));
        return true;
    case 's':
        write_entry(input, data, sizes->saved_offset, sizes->cells_max,
                    sizeof(struct region_saved));
        return true;
    case 'b':
        write_bytes(data, base + sizes->bytes_offset, sizes->bytes_max);
        return true;
    case 'h':
        write_bytes(data, base, sizeof(struct slot_head));
        return true;
    case 'n':
        write_counts(input, data);
        return true;
    case 'H':
        fuzz_take(data, (char *)input->region.header
                  + fuzz_byte(data) * 4u % sizeof(*sizes), 4);
        return true;
    case 'a':
        input->head->copy_totals = input->head->totals;
        input->head->copy_epoch = input->head->copy_request + 1;
        return true;
    default:
        return false;
    }
}

/* --- looking --------------------------------------------------------------*/

enum { UPDATE = 4, CUMULATIVE = 8, MINE = 16, DIFFERENCE = 32, FILTERED = 64,
       PEAK = 128 };

static struct table_request
request_of(struct looker *looker, unsigned switches)
{
    return (struct table_request){
        .catalog = &looker->catalog,
        .snapshot = &looker->live,
        .by = switches % BY_COUNT,
        .moment = (switches & PEAK) != 0 ? MOMENT_PEAK : MOMENT_NOW,
        .base = (switches & DIFFERENCE) != 0 && looker->has_first
            ? &looker->first : NULL,
        .cumulative = (switches & CUMULATIVE) != 0,
        .mine = (switches & MINE) != 0,
        .filter = (switches & FILTERED) != 0 ? &looker->filter : NULL,
        .trend = looker->trend,
    };
}

static void
write_reports(struct looker *looker)
{
    static const char *const argv[] = {"x.py", NULL};
    const struct slot_head *head = looker->input->head;
    struct report report = {
        .table = &looker->table, .top = 20, .executable = "python",
        .argv = argv, .start = "embed",
        .reattribution = head->reattribution, .trouble = head->trouble,
        .tracer_bytes = region_tracer_bytes(&looker->input->region, 0),
    };

    for (enum report_format format = 0; format < REPORT_FORMATS; format++) {
        fuzz_check(report_write(nowhere, &report, format) == 0);
    }
}

static void
check_table(const struct table *table)
{
    struct table_row more;

    table_more(table, 0, 3, &more);
    for (uint32_t i = 0; i < table->count; i++) {
        struct table_row row = *table_fresh_row(table, i);
        fuzz_check(table_find(table, row.key) >= 0);
    }
}

static void
look_at_tree(struct looker *looker, unsigned switches)
{
    struct table_request request = request_of(looker, switches);
    struct strbuf text;
    uint32_t lines[16];

    tree_folds_set_all(&looker->folds, (switches & 1) != 0);
    tree_build(&looker->tree, &request, (switches & 2) != 0, false,
               &looker->folds);
    strbuf_init(&text);
    for (uint32_t i = 0; i < looker->tree.count && i < 50; i++) {
        strbuf_clear(&text);
        tree_row_text(&looker->tree, &looker->tree.rows[i], &text, 60,
                      false);
        tree_row_lines(&looker->tree, &looker->tree.rows[i], lines, 16);
    }
    strbuf_release(&text);
}

static void
look(struct looker *looker, unsigned switches)
{
    struct region *region = &looker->input->region;

    catalog_update(&looker->catalog, region, 0, looker->input->head->contexts);
    if (region_copy_take(region, 0, &looker->copy) != 0) {
        return;
    }
    catalog_update(&looker->catalog, region, 0, looker->copy.contexts);
    catalog_context(&looker->catalog, region_last_context(region, 0));
    snapshot_look(&looker->live, &looker->copy);
    looker->copy.when_ns = looker->live.when_ns;
    trend_tick(looker->trend, &looker->catalog, &looker->live);
    if (!looker->has_first) {
        snapshot_copy(&looker->first, &looker->live);
        looker->has_first = true;
    }
    struct table_request request = request_of(looker, switches);
    bool updated = looker->has_table && (switches & UPDATE) != 0
        && table_update(&looker->table, &looker->copy);
    if (!updated) {
        table_build(&looker->table, &request);
    }
    looker->has_table = true;
    check_table(&looker->table);
    table_sort(&looker->table, sort_default(request.base != NULL));
    write_reports(looker);
    look_at_tree(looker, switches);
}

void
region_input_run(struct region_input *input, const uint8_t *data, size_t size)
{
    struct fuzz_input rest = {data, size};
    struct looker looker = {.input = input};

    catalog_init(&looker.catalog, &(struct origin_paths){.cwd = "/w"});
    table_init(&looker.table);
    tree_init(&looker.tree);
    tree_folds_init(&looker.folds);
    filter_init(&looker.filter);
    filter_set(&looker.filter, "*a* !*lib* *:1");
    looker.trend = trend_new();
    for (int looks = 0; rest.left > 0 && looks < 16;) {
        char order = (char)fuzz_byte(&rest);
        if (!write_order(input, &rest, order) && order == 'v') {
            look(&looker, fuzz_byte(&rest));
            looks++;
        }
    }
    look(&looker, (unsigned)size);
    trend_free(looker.trend);
    filter_release(&looker.filter);
    tree_folds_release(&looker.folds);
    tree_release(&looker.tree);
    table_release(&looker.table);
    snapshot_release(&looker.first);
    region_copy_release(&looker.copy);
    catalog_release(&looker.catalog);
}
