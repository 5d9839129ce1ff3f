/* SPDX-License-Identifier: MIT
 *
 * Slots of a hostile region, as the processes that they say they are: their
 * table, and what reports say of it.  An order is one byte:
 *
 *     h  slot 1, offset 2, length 1, bytes of its head
 *     o  slot 1, owner 4
 *     H  offset 1, 4 bytes of the region's header
 *     v  look
 */
#include "launcher/children.h"
#include "region_input.h"
#include "report/report_processes.h"

static void
write_head(struct region *region, struct fuzz_input *data)
{
    unsigned slot = fuzz_byte(data) % region_slots(region);
    char *head = (char *)region_slot(region, slot);
    size_t offset = fuzz_short(data) % sizeof(struct slot_head);
    size_t len = fuzz_byte(data), room = sizeof(struct slot_head) - offset;

    len = len < room ? len : room;
    if (head != NULL) {
        fuzz_take(data, head + offset, len < data->left ? len : data->left);
    }
}

static void
look(struct children *children, uint64_t now_ns)
{
    const struct process_table *table = &children->table;
    char words[200];

    children_look(children, now_ns);
    struct process_row *rows = calloc(table->count + 1, sizeof(*rows));
    process_table_order(table, now_ns % 2 != 0, rows);
    for (size_t i = 0; i < table->count; i++) {
        struct strbuf text;
        strbuf_init(&text);
        process_words(&table->items[rows[i].at], &text);
        process_state_words(&table->items[rows[i].at], words, sizeof(words));
        strbuf_release(&text);
    }
    free(rows);
    process_table_sum(table);
    report_processes_words(table, words, sizeof(words));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct region *region = &region_input_reset()->region;
    struct fuzz_input rest = {data, size};
    struct children children;
    uint64_t now_ns = 0;

    children_init(&children, region);
    for (int looks = 0; rest.left > 0 && looks < 16; ) {
        switch (fuzz_byte(&rest)) {
        case 'h':
            write_head(region, &rest);
            break;
        case 'o':
            region->header->slot_owner[fuzz_byte(&rest) % 8]
                = (int32_t)fuzz_word(&rest);
            break;
        case 'H':
            fuzz_take(&rest, (char *)region->header + fuzz_byte(&rest) * 4u
                      % sizeof(*region->header), 4);
            break;
        case 'v':
            looks++;
            look(&children, now_ns += 1000000001);
            break;
        default:
            break;
        }
    }
    look(&children, now_ns + 1);
    children_set_script(&children, PROCESS_EXITED, 0, now_ns + 2);
    children_release(&children);
    return 0;
}
