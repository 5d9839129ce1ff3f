/* SPDX-License-Identifier: MIT
 *
 * Code objects by what they are: file, qualified name, first line, line table.
 * One made again at another address gets the number it had, so that a program
 * which execs or makes classes in a loop does not grow the tree.  Names and
 * line tables are copied into the region once, never resolved here.
 *
 * All functions: under the ledger lock; they read Python objects, which must
 * be alive (a frame or the caller holds them), and never call Python.
 */
#ifndef PYMTOP_CODE_TABLE_H
#define PYMTOP_CODE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

/* Reserve the private indexes.  -1: no memory. */
int code_table_init(void);

/* The number of the code object at address, added if new.  0: the table is
 * full, or this is no code object we can read. */
uint32_t code_table_find(const char *address);

/* The block of a known code object is being freed: forget its address. */
void code_table_retire(const char *address);

/* Does this Python make machine code of code objects? */
bool code_table_has_jit(void);

/* Say in the region which codes have run as machine code. */
void code_table_find_machine_code(void);

/* Counts retirements: what was remembered by address before is void. */
extern uint64_t code_table_retirements;

/* The same for code objects at one address, and at a few others: a value that
 * is never that of another place, nor one it had. */
#define CODE_GENERATIONS 1024u
extern uint32_t code_table_generations[CODE_GENERATIONS];

static inline uint32_t
code_table_generation(const char *address)
{
    return code_table_generations[(uintptr_t)address >> 5
                                  & (CODE_GENERATIONS - 1)];
}

#endif
