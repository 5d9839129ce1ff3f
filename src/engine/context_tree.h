/* SPDX-License-Identifier: MIT
 *
 * The calling-context tree and the cells of its nodes, in the region.
 * All functions: under the ledger lock.
 */
#ifndef PYMTOP_CONTEXT_TREE_H
#define PYMTOP_CONTEXT_TREE_H

#include <stdint.h>

/* Make the special contexts and the cell of CONTEXT_OTHER.  -1: no memory. */
int context_tree_init(void);

/* The child of parent (CONTEXT_NONE or CONTEXT_CUT at the bottom of a stack)
 * for an instruction of a code.  When there is no room: parent itself, or
 * CONTEXT_OTHER at the bottom; the trouble is noted. */
uint32_t context_tree_child(uint32_t parent, uint32_t code, uint32_t instr);

/* The context's cell, made if need be; that of CONTEXT_OTHER if there is no
 * room. */
uint32_t context_tree_cell(uint32_t context);

#endif
