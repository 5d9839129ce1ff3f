/* SPDX-License-Identifier: MIT
 *
 * Start by preloading: the real interpreter runs with this library in
 * LD_PRELOAD, which stands before its main.  Programs on the way to it (a
 * pyenv shim, env, a shell) are left alone.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/engine.h"

typedef int program_main(int argc, char **argv, char **environment);
typedef int start_main(program_main *main, int argc, char **argv,
                       void (*init)(void), void (*fini)(void),
                       void (*rtld_fini)(void), void *stack_end);

start_main __libc_start_main __attribute__((visibility("default")));

static program_main *real_main;

static int
traced_main(int argc, char **argv, char **environment)
{
    if (dlsym(RTLD_DEFAULT, "Py_BytesMain") == NULL) {
        return real_main(argc, argv, environment);
    }
    engine_start(RTLD_DEFAULT, argc, argv);
    return real_main(argc, argv, environ);
}

int
__libc_start_main(program_main *main, int argc, char **argv,
                  void (*init)(void), void (*fini)(void),
                  void (*rtld_fini)(void), void *stack_end)
{
    void *symbol = dlsym(RTLD_NEXT, "__libc_start_main");
    start_main *next;
    memcpy(&next, &symbol, sizeof symbol);
    real_main = main;
    return next(traced_main, argc, argv, init, fini, rtld_fini, stack_end);
}
