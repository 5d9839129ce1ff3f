/* SPDX-License-Identifier: MIT
 *
 * The region: what the engine (in the script's process) writes and the
 * monitor (pymtop) reads.  This header is the whole contract between them:
 * fixed-width types, indices instead of pointers, no functions.
 *
 * The region is one memfd, sparse:
 *
 *     0                 struct region_header   (one page)
 *     slots_offset      slot 0, slot 1, ...    (slot_stride bytes each)
 *
 *     slot + 0          struct slot_head       (one page)
 *     slot + contexts_offset   struct region_context[contexts_max]
 *     slot + cells_offset      struct region_cell[cells_max]
 *     slot + saved_offset      struct region_saved[cells_max]
 *     slot + codes_offset      struct region_code[codes_max]
 *     slot + bytes_offset      char[bytes_max]: names and line tables
 *     slot + marks_offset      uint64_t[cells_max / 64 + 1]: a bit a cell
 *     slot + shares_offset     struct region_share[shares_max]
 *
 * A slot belongs to one process and has exactly one writer: that process, under
 * its ledger lock.  A process claims a free slot by putting its pid into
 * region_header.slot_owner (compare and swap, 0 -> pid), fills the head and
 * stores its state last.  The monitor takes a slot back when the process is
 * gone: it makes a hole of the slot's memory, which then reads as zero, and
 * stores 0 in slot_owner (release).  Slot 0 is the main script's for good.
 *
 * Arrays only grow.  An entry is written first, then the
 * count that covers it (store-release), and then never changes, except for
 * cells, region_context.cell and REGION_CODE_MACHINE.  Index 0 of every array is reserved.
 * Marks alone have two writers: the engine sets bits, the monitor clears them,
 * both atomically.
 *
 * Units: sizes are bytes as requested by the script (as tracemalloc counts),
 * times are nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef PYMTOP_REGION_LAYOUT_H
#define PYMTOP_REGION_LAYOUT_H

#include <stdint.h>

#define REGION_MAGIC 0x31504f544d5950ull        /* "PYMTOP1" */
#define REGION_VERSION 8u
/* The largest page that a kernel of the machine may have. */
#ifdef __x86_64__
#define REGION_PAGE 4096u
#else
#define REGION_PAGE 65536u
#endif
#define REGION_SLOTS_MAX 512u
#define REGION_SHADOW_CHUNKS 256u   /* of REGION_SHADOW_CHUNK bytes */
#define REGION_SHADOW_CHUNK (16u << 20)
#define REGION_AUXV_WORDS 64u       /* the kernel's own are some 50 */
#define REGION_FRAMES_MAX 4096u     /* deeper stacks keep their inner frames */
#define REGION_TEXT_MAX 4096u       /* bytes of a name; longer ones are cut */

/* Contexts that stand for no frame.  They are children of nothing. */
enum {
    CONTEXT_NONE = 0,           /* reserved, never used */
    CONTEXT_NO_FRAME = 1,       /* no Python frame: start-up, foreign threads */
    CONTEXT_PAUSED = 2,         /* allocated while tracing was paused */
    CONTEXT_CUT = 3,            /* outer frames of a stack over FRAMES_MAX */
    CONTEXT_OTHER = 4,          /* out of room: no ancestor had a cell */
    CONTEXT_FIRST = 5
};

enum slot_state {
    SLOT_FREE = 0,
    SLOT_STARTING = 1,          /* claimed, Python not yet initialised */
    SLOT_RUNNING = 2,
    SLOT_ENDING = 3,            /* the interpreter finalises: counters frozen */
    SLOT_REFUSED = 4            /* this process is not traced; why: refusal */
};

/* How a block that leaves one of CPython's free lists gets its new line. */
enum reattribution {
    REATTRIBUTION_NONE = 0,
    REATTRIBUTION_NEWREFERENCE = 1,     /* _Py_NewReference interposed */
    REATTRIBUTION_REFTRACER = 2,        /* PyRefTracer_SetTracer (3.13+) */
    REATTRIBUTION_EMPTY = 3             /* free lists kept empty */
};

/* Bits of slot_head.trouble, set by the engine, never cleared. */
enum {
    TROUBLE_CONTEXTS_FULL = 1,  /* tracebacks shortened to an ancestor */
    TROUBLE_CELLS_FULL = 2,     /* booked to CONTEXT_OTHER */
    TROUBLE_CODES_FULL = 4,     /* code objects without a name */
    TROUBLE_SHADOW_FULL = 8,    /* blocks not booked: see lost_blocks */
    TROUBLE_SMALL_REGION = 16,  /* address space or file size is limited */
    TROUBLE_LATE_LINES = 32,    /* REATTRIBUTION_NONE: what comes from a free
                                   list stays with the line before */
    TROUBLE_MACHINE_CODE = 64   /* a code has REGION_CODE_MACHINE */
};

struct region_header {
    uint64_t magic;             /* monitor, before the script starts */
    uint32_t version;           /* REGION_VERSION */
    uint32_t slot_count;        /* monitor */
    uint64_t size;              /* of the file */
    uint64_t slots_offset, slot_stride;
    /* Offsets inside a slot, and capacities; multiples of a page. */
    uint64_t contexts_offset, cells_offset, codes_offset, bytes_offset;
    uint64_t marks_offset, saved_offset, shares_offset;
    uint32_t contexts_max, cells_max, codes_max, bytes_max;
    uint32_t context_size, cell_size, code_size, head_size; /* sizeof each */
    uint32_t shares_max;
    int32_t monitor_pid;        /* whose /proc/PID/fd/monitor_fd reopens this */
    int32_t monitor_fd;
    uint64_t id;                /* random: is it this region, reopened? */
    uint32_t follow;            /* 0: children are not traced */
    uint64_t start_ns;          /* when the monitor started the script */

    /* Written by the monitor every few milliseconds; any process reads it.
     * The time of a peak is copied from here: no clock call in a hook. */
    uint64_t clock_ns __attribute__((aligned(64)));

    /* Pid of the process that has the slot, as the monitor knows it; 0: the
     * slot is free. */
    int32_t slot_owner[REGION_SLOTS_MAX] __attribute__((aligned(64)));
    uint32_t claims;            /* slots ever claimed; any process adds */
    uint32_t slots_refused;     /* processes that got no slot; atomic add */
    char refusal[256];          /* why the engine could not start; engine */
};

/* Counters of the whole slot.  One struct, because a copy has them too. */
struct region_totals {
    int64_t bytes;              /* traced now */
    int64_t blocks;
    int64_t peak_bytes;         /* the largest value of bytes, exact */
    int64_t peak_blocks;        /* blocks at that moment */
    uint64_t peak_ns;           /* clock_ns at that moment */
    uint64_t peak_epoch;        /* which cells have saved at-peak values */
    uint64_t alloc_bytes;       /* bytes ever */
    uint64_t allocs;            /* blocks ever; re-booked ones included */
    uint64_t lost_blocks;       /* could not be booked at all */
    uint32_t contexts, cells;   /* counts of valid entries, reserved included */
};

struct slot_head {
    /* Written once when the slot is claimed. */
    uint32_t state;             /* enum slot_state; engine, store-release */
    int32_t pid, parent_pid;    /* parent: the traced one that forked it, or
                                   started it, maybe through others */
    uint32_t forked;            /* 1: copied from the parent's slot at fork */
    uint32_t python_hex;        /* PY_VERSION_HEX of the interpreter */
    uint32_t reattribution;     /* enum reattribution */
    uint32_t trouble;           /* TROUBLE_ bits */
    uint32_t instr_unit;        /* bytes of one instruction offset step: 1 */
    uint64_t start_ns;          /* slot claimed */
    uint64_t end_ns;            /* clock_ns when SLOT_ENDING was set */
    uint32_t marking;           /* 1: every cell that changes is marked; else
                                   the marks say nothing */
    uint32_t several;           /* 1: a context has more than one cell */
    uint32_t has_jit;           /* 1: this Python can make machine code; it is
                                   looked for when `requests` has changed */
    uint64_t tracer_bytes;      /* private memory of the engine, but for the
                                   shadow; mapped, not all of it touched */
    uint32_t shadow_chunks;     /* entries of shadow_chunk; store-release */
    char refusal[256];          /* why SLOT_REFUSED, one line */

    /* Counts; engine, store-release after the entry is written. */
    uint32_t contexts __attribute__((aligned(64)));
    uint32_t cells;
    uint32_t codes;
    uint32_t bytes_used;
    uint32_t shares;            /* 0: a build of Python with the GIL */

    /* Written by the monitor, read by every hook.  A change of `requests`
     * tells the engine to look at the others. */
    uint32_t requests __attribute__((aligned(64)));     /* counts up */
    uint32_t copy_request;      /* wanted copy epoch */
    uint32_t reset_peak_request;/* counts up */
    uint32_t pause;             /* 1: book to CONTEXT_PAUSED, do not walk */

    /* Written by the engine under its lock.  Odd while a booking is under
     * way, even between two: a reader that sees the same even number before
     * and after has a consistent view without asking. */
    uint64_t operations __attribute__((aligned(64)));
    uint32_t reset_peak_done;   /* last reset_peak_request served */
    uint32_t last_cell;         /* of the newest booking: where it was last */
    struct region_totals totals __attribute__((aligned(64)));

    /* The copy protocol.  When a hook sees copy_request != copy_epoch it
     * stores totals in copy_totals, then copy_epoch (release).  From then on
     * a cell that is about to change first saves itself (struct region_saved)
     * and sets its mark, in this order. */
    uint32_t copy_epoch __attribute__((aligned(64)));
    struct region_totals copy_totals;

    /* Who it is; written once when the slot is claimed. */
    uint64_t start_ticks;       /* of the process: field 22 of /proc/PID/stat */
    uint64_t auxv[REGION_AUXV_WORDS];   /* /proc/PID/auxv: another one after
                                   an exec; 0: not known, and behind its end */
    uint32_t claim;             /* number of region_header.claims it was */
    char command[256];          /* its arguments with blanks between them; of
                                   a forked one: what its parent has */

    /* Where the shadow table lies in the process, so that the monitor can
     * count the pages it takes; what is beyond the array is not counted. */
    uint64_t shadow_chunk[REGION_SHADOW_CHUNKS];
};

/* A node of the calling-context tree.  parent < own index, always. */
struct region_context {
    uint32_t parent;            /* CONTEXT_NONE, CONTEXT_CUT or a context */
    uint32_t code;              /* index of the code; 0 in special contexts */
    uint32_t instr;             /* byte offset of the instruction in the code */
    uint32_t cell;              /* its newest cell, 0: none yet; atomic */
};

struct region_cost {
    int64_t bytes, blocks;              /* now */
    uint64_t bytes_ever, blocks_ever;
    int64_t bytes_at_peak, blocks_at_peak;
};

/* Counters of one context (in one domain and generation).
 * At-peak values: if peak_epoch == totals.peak_epoch the cell has changed
 * since the peak and cost.*_at_peak hold; else they are cost.bytes, .blocks. */
struct region_cell {
    struct region_cost cost;    /* engine, under the lock, relaxed atomics */
    uint64_t peak_epoch;
    uint32_t copy_epoch;        /* == slot copy_epoch: it has saved itself for
                                   that copy */
    uint32_t context;
};

/* What a cell needs seldom, at the same index; only there once written. */
struct region_saved {
    struct region_cost cost;    /* at the copy, at-peak values resolved */
    uint32_t next;              /* older cell of the same context, 0: none */
    uint16_t generation;
    uint8_t domain;             /* 0: python */
    uint8_t unused;
    uint64_t unused2;
};

/* In region_code.flags, above all of Python's: it has run as machine code, at
 * least in part (JIT), where its frame's instruction is often an older one.
 * Set once it is seen, atomically. */
#define REGION_CODE_MACHINE (1u << 31)

/* A code object by content: made again, it has the same index. */
struct region_code {
    uint32_t filename, filename_len;    /* offset in bytes[]; UTF-8,
                                           but for bytes that were none */
    uint32_t name, name_len;            /* qualified name where there is one */
    uint32_t linetable, linetable_len;  /* raw, in the interpreter's format */
    int32_t firstlineno;
    uint32_t flags;                     /* co_flags */
};

/* A thread that books beside others (free-threaded builds) counts here, and is
 * the only one that writes here, until what it has counted is added to the
 * totals, which is done under the lock.  Totals now are those of the slot and
 * of all shares; a copy's totals have them all. */
struct region_share {
    uint64_t operations;        /* as slot_head.operations, of this thread */
    uint32_t last_cell;
    uint32_t unused;
    int64_t bytes, blocks;      /* in less out */
    uint64_t alloc_bytes, allocs;
    uint64_t unused2[2];
};

_Static_assert(sizeof(struct region_header) <= REGION_PAGE, "header");
_Static_assert(sizeof(struct slot_head) <= REGION_PAGE, "slot head");
_Static_assert(sizeof(struct region_context) == 16, "context");
_Static_assert(sizeof(struct region_cell) == 64, "cell");
_Static_assert(sizeof(struct region_saved) == 64, "saved");
_Static_assert(sizeof(struct region_code) == 32, "code");
_Static_assert(sizeof(struct region_share) == 64, "share");

#endif
