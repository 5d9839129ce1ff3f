/* SPDX-License-Identifier: MIT
 *
 * Start by preloading: the real interpreter runs with this library in
 * LD_PRELOAD, which stands before its main.  Programs on the way to it (a
 * pyenv shim, env, a shell) are left alone; they only pass the engine on to
 * what they start.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/engine.h"
#include "engine/environment.h"
#include "engine/follow.h"
#include "engine/python_api.h"

typedef int program_main(int argc, char **argv, char **environment);
typedef int start_main(program_main *main, int argc, char **argv,
                       void (*init)(void), void (*fini)(void),
                       void (*rtld_fini)(void), void *stack_end);

start_main __libc_start_main __attribute__((visibility("default")));

static program_main *real_main;

static int
traced_main(int argc, char **argv, char **environment)
{
    bool has_python = dlsym(RTLD_DEFAULT, "Py_GetVersion") != NULL;
    if (!has_python && getenv("PYMTOP_REGION") != NULL) {
        return real_main(argc, argv, environment);
    }
    struct environment_place place = environment_find();
    int region = follow_begin(environ, true);
    environment_close_up(place);
    if (region >= 0) {
        engine_start(RTLD_DEFAULT, region, argc, argv);
    }
    else if (has_python && python_api_is_program()) {
        engine_start_child(argc, argv);
    }
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
