/* SPDX-License-Identifier: MIT
 *
 * Start by embedding: this program is exec'd under the interpreter's name,
 * loads its libpython and runs Python's own main, so that options, paths and
 * exit statuses come out as typed.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "engine/engine.h"
#include "engine/environment.h"
#include "engine/follow.h"

#define STATUS_CANNOT_TRACE 125

typedef int python_main(int argc, char **argv);

static void
take_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    prctl(PR_SET_NAME, slash != NULL ? slash + 1 : path);
}

int
main(int argc, char **argv)
{
    const char *library = getenv("PYMTOP_LIBPYTHON");
    if (library == NULL) {
        fputs("pymtop-runner: started by pymtop only: run pymtop SCRIPT\n",
              stderr);
        return STATUS_CANNOT_TRACE;
    }
    /* Global: extension modules do not link libpython. */
    void *handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
    void *symbol = handle != NULL ? dlsym(handle, "Py_BytesMain") : NULL;
    if (symbol == NULL) {
        fprintf(stderr, "pymtop: %s: %s\n", library, dlerror());
        return STATUS_CANNOT_TRACE;
    }
    python_main *run;
    memcpy(&run, &symbol, sizeof symbol);
    take_name(argv[0]);
    struct environment_place place = environment_find();
    int region = follow_begin(environ, false);
    environment_close_up(place);
    if (region >= 0) {
        engine_start(handle, region, argc, argv);
    }
    return run(argc, argv);
}
