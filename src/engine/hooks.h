/* SPDX-License-Identifier: MIT
 *
 * The allocator hooks: thin adapters, three domains, over one body each for
 * allocation, reallocation and free.
 */
#ifndef PYMTOP_HOOKS_H
#define PYMTOP_HOOKS_H

/* Put the hooks before the allocators that are set now.  After Python's
 * pre-initialisation (which chooses allocators by PYTHONMALLOC) and before its
 * initialisation, so that every block is known. */
void hooks_install(void);

#endif
