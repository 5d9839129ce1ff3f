/* SPDX-License-Identifier: MIT */
#include "report/report_processes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/size_text.h"
#include "base/utf8.h"
#include "base/xalloc.h"

#define COMMAND_CELLS 100

static const char *
state_word(const struct process *process)
{
    static const char *const words[] = {
        [PROCESS_RUNNING] = "running", [PROCESS_ENDED] = "ended",
        [PROCESS_EXITED] = "exited", [PROCESS_KILLED] = "killed",
        [PROCESS_REPLACED] = "replaced",
    };

    return words[process->state];
}

static uint64_t
since(uint64_t when_ns, uint64_t start_ns)
{
    return when_ns > start_ns ? when_ns - start_ns : 0;
}

void
report_processes_words(const struct process_table *table, char *out,
                       size_t out_size)
{
    struct process_sum sum = process_table_sum(table);
    char count[NUMBER_TEXT_SIZE], dropped[64] = "", refused[64] = "";

    if (table->dropped > 0) {
        snprintf(dropped, sizeof(dropped), "; %s ended ones have no row",
                 count_text(count, (int64_t)table->dropped));
    }
    if (table->refused > 0) {
        snprintf(refused, sizeof(refused), "; no room to trace %s",
                 count_text(count, (int64_t)table->refused));
    }
    snprintf(out, out_size, "%u running%s%s; peaks are never added",
             sum.running, dropped, refused);
}

/* --- JSON -----------------------------------------------------------------*/

static void
write_status(struct json_writer *json, const struct process *process)
{
    json_key(json, "status");
    if (process->state == PROCESS_EXITED) {
        json_int(json, process->status);
    }
    else {
        json_null(json);
    }
    json_key(json, "signal");
    if (process->state == PROCESS_KILLED) {
        json_int(json, process->status);
    }
    else {
        json_null(json);
    }
}

static void
write_process(struct json_writer *json, const struct process *process,
              uint64_t start_ns)
{
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
        {"bytes_now", process->bytes}, {"blocks_now", process->blocks},
        {"bytes_peak", process->peak_bytes},
        {"blocks_peak", process->peak_blocks},
        {"bytes_ever", (int64_t)process->ever_bytes},
        {"blocks_ever", (int64_t)process->ever_blocks},
    };

    json_flat(json);
    json_object(json);
    json_key(json, "pid");
    json_int(json, process->pid);
    json_key(json, "parent_pid");
    if (process->id == PROCESS_SCRIPT) {
        json_null(json);
    }
    else {
        json_int(json, process->parent_pid);
    }
    json_key(json, "forked");
    json_bool(json, process->forked);
    json_key(json, "command");
    json_text(json, process->command);
    json_key(json, "state");
    json_text(json, state_word(process));
    write_status(json, process);
    json_key(json, "traced");
    json_bool(json, process->traced);
    json_key(json, "refusal");
    json_text(json, process->refusal);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        json_key(json, numbers[i].name);
        json_int(json, numbers[i].value);
    }
    json_key(json, "started");
    json_seconds(json, since(process->start_ns, start_ns));
    json_key(json, "ended");
    if (process->end_ns != 0) {
        json_seconds(json, since(process->end_ns, start_ns));
    }
    else {
        json_null(json);
    }
    json_object_end(json);
}

void
report_processes_json(struct json_writer *json,
                      const struct process_table *table, uint64_t start_ns)
{
    struct process_sum sum = process_table_sum(table);

    json_key(json, "processes");
    json_array(json);
    for (size_t i = 0; i < table->count; i++) {
        write_process(json, &table->items[i], start_ns);
    }
    json_array_end(json);
    json_key(json, "processes_left_out");
    json_uint(json, table->dropped);
    json_key(json, "processes_refused");
    json_uint(json, table->refused);
    json_key(json, "running");
    json_flat(json);
    json_object(json);
    json_key(json, "processes");
    json_uint(json, sum.running);
    json_key(json, "bytes");
    json_int(json, sum.bytes);
    json_key(json, "blocks");
    json_int(json, sum.blocks);
    json_object_end(json);
}

/* --- text -----------------------------------------------------------------*/

static const char *
size_words(char *buf, int64_t bytes, bool exact)
{
    return (exact ? size_text_exact : size_text_cell)(buf, bytes);
}

static void
put_row(FILE *file, const struct process *process, unsigned depth, bool exact,
        bool ascii)
{
    char state[32], now[NUMBER_TEXT_SIZE], peak[NUMBER_TEXT_SIZE];
    struct strbuf words, safe;

    strbuf_init(&words);
    strbuf_init(&safe);
    process_state_words(process, state, sizeof(state));
    process_words(process, &words);
    utf8_add_safe(&safe, words.text, words.len);
    strbuf_clear(&words);
    utf8_add_cut_right(&words, safe.text, COMMAND_CELLS, ascii);
    fprintf(file, "%7d %-12s %15s %15s  %*s%s\n", process->pid, state,
            process->traced ? size_words(now, process->bytes, exact) : "-",
            process->traced ? size_words(peak, process->peak_bytes, exact)
                            : "-",
            (int)(depth * 2), "", words.text);
    strbuf_release(&words);
    strbuf_release(&safe);
}

void
report_processes_text(FILE *file, const struct process_table *table,
                      bool exact, bool ascii)
{
    struct process_row *rows = xcalloc(table->count + 1, sizeof(*rows));
    struct process_sum sum = process_table_sum(table);
    char text[NUMBER_TEXT_SIZE], words[256];

    process_table_order(table, true, rows);
    fprintf(file, "%7s %-12s %15s %15s  %s\n", "PID", "STATE",
            exact ? "TRACED" : "TRACED   ", exact ? "PEAK" : "PEAK   ",
            "COMMAND");
    for (size_t i = 0; i < table->count; i++) {
        put_row(file, &table->items[rows[i].at], rows[i].depth, exact,
                ascii);
    }
    report_processes_words(table, words, sizeof(words));
    fprintf(file, "%7s %-12s %15s %15s  = %s\n", "", "",
            size_words(text, sum.bytes, exact), exact ? "-" : "-   ", words);
    free(rows);
}

/* --- CSV ------------------------------------------------------------------*/

void
report_processes_csv(FILE *file, const struct process_table *table,
                     uint64_t start_ns)
{
    struct strbuf text;

    strbuf_init(&text);
    fputs("pid,parent_pid,forked,state,status,traced,bytes_now,blocks_now,"
          "bytes_peak,blocks_peak,started,ended,command\n", file);
    for (size_t i = 0; i < table->count; i++) {
        const struct process *process = &table->items[i];
        strbuf_clear(&text);
        utf8_add_valid(&text, process->command, strlen(process->command));
        fprintf(file, "%d,%d,%d,%s,%d,%d,%" PRId64 ",%" PRId64 ",%" PRId64
                ",%" PRId64 ",%.3f,", process->pid, process->parent_pid,
                process->forked, state_word(process), process->status,
                process->traced, process->bytes, process->blocks,
                process->peak_bytes, process->peak_blocks,
                (double)since(process->start_ns, start_ns) / 1e9);
        if (process->end_ns != 0) {
            fprintf(file, "%.3f", (double)since(process->end_ns, start_ns)
                    / 1e9);
        }
        fputs(",\"", file);
        for (const char *at = text.text; *at != '\0'; at++) {
            fputs(*at == '"' ? "\"\"" : (char[]){*at, '\0'}, file);
        }
        fputs("\"\n", file);
    }
    strbuf_release(&text);
}
