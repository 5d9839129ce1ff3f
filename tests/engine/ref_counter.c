/* SPDX-License-Identifier: MIT
 *
 * A reference tracer for a script to load: counts the events of each kind.
 */
int ref_counter(void *object, int event, void *data)
    __attribute__((visibility("default")));

int
ref_counter(void *object, int event, void *data)
{
    long *counts = data;

    (void)object;
    counts[event]++;
    return 0;
}
