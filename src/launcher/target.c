/* SPDX-License-Identifier: MIT */
#include "launcher/target.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/strbuf.h"
#include "base/xalloc.h"
#include "launcher/option_table.h"

/* A reading of python's arguments, as its own getopt does it. */
struct reading {
    struct target *target;
    int argc, i;
    char **argv;
};

static void
end_with(struct reading *reading, enum target_kind kind, const char *name)
{
    reading->target->kind = kind;
    reading->target->name = name;
    reading->target->index = reading->i;
}

/* One word of short options, such as -Ic or -Wdefault.  Returns true when it
 * was the last one: -c and -m end python's options, -h and -V end it all. */
static bool
read_letters(struct reading *reading, const char *letters)
{
    for (; *letters; letters++) {
        const char *rest = letters[1] ? letters + 1 : NULL;
        switch (*letters) {
        case 'c':
        case 'm':
            if (!rest && reading->i + 1 < reading->argc) {
                rest = reading->argv[++reading->i];
            }
            end_with(reading, *letters == 'c' ? TARGET_CODE : TARGET_MODULE,
                     rest);
            return true;
        case 'W':
        case 'X':
            if (!rest) {
                reading->i++;
            }
            return false;
        case 'h':
        case '?':
        case 'V':
            end_with(reading, TARGET_INFORMATION, NULL);
            return true;
        default:
            break;
        }
    }
    return false;
}

static bool
read_long(struct reading *reading, const char *name)
{
    if (strcmp(name, "check-hash-based-pycs") == 0) {
        reading->i++;
        return false;
    }
    if (!option_table_is_pythons(name, strlen(name))
        && !reading->target->unknown) {
        reading->target->unknown = name - 2;
        return false;
    }
    if (strncmp(name, "help", 4) == 0) {
        end_with(reading, TARGET_INFORMATION, NULL);
        return true;
    }
    return false;
}

void
target_find(struct target *target, int argc, char **argv)
{
    struct reading reading = {.target = target, .argc = argc, .argv = argv};

    memset(target, 0, sizeof(*target));
    for (; reading.i < argc; reading.i++) {
        const char *word = argv[reading.i];
        if (strcmp(word, "--") == 0) {
            reading.i++;
            break;
        }
        if (word[0] != '-' || word[1] == '\0') {
            break;
        }
        if (word[1] == '-' ? read_long(&reading, word + 2)
                           : read_letters(&reading, word + 1)) {
            return;
        }
    }
    if (reading.i < argc) {
        const char *word = argv[reading.i];
        bool input = strcmp(word, "-") == 0;
        end_with(&reading, input ? TARGET_STDIN : TARGET_SCRIPT,
                 input ? NULL : word);
        return;
    }
    end_with(&reading, isatty(STDIN_FILENO) ? TARGET_INTERACTIVE
                                            : TARGET_STDIN, NULL);
}

char *
target_title(int argc, char **argv)
{
    struct strbuf title;

    strbuf_init(&title);
    strbuf_add_text(&title, "python");
    for (int i = 0; i < argc; i++) {
        strbuf_addf(&title, " %s", argv[i]);
    }
    return strbuf_detach(&title);
}

/* Python takes a zip by its content, whatever its name: what ends in .py
 * cannot be meant as one. */
static bool
is_import_root(const char *path)
{
    struct stat st;
    size_t len = strlen(path);

    if (stat(path, &st) < 0) {
        return false;
    }
    return S_ISDIR(st.st_mode)
        || (len > 4 && strcmp(path + len - 4, ".zip") == 0)
        || (len > 4 && strcmp(path + len - 4, ".pyz") == 0);
}

char *
target_directory(const struct target *target)
{
    if (target->kind != TARGET_SCRIPT) {
        return getcwd(NULL, 0);
    }
    char *path = realpath(target->name, NULL);
    if (path && !is_import_root(path)) {
        char *slash = strrchr(path, '/');
        slash[slash == path] = '\0';
    }
    return path;
}

bool
target_runs_nothing(const struct target *target)
{
    struct stat st;

    if (target->kind != TARGET_SCRIPT) {
        return target->kind == TARGET_INFORMATION;
    }
    if (stat(target->name, &st) < 0) {
        return true;
    }
    if (!S_ISDIR(st.st_mode)) {
        return access(target->name, R_OK) < 0;
    }
    char *main_py = xasprintf("%s/__main__.py", target->name);
    char *main_pyc = xasprintf("%s/__main__.pyc", target->name);
    bool nothing = access(main_py, F_OK) < 0 && access(main_pyc, F_OK) < 0;
    free(main_py);
    free(main_pyc);
    return nothing;
}

/* pytest, http.server; not what is clearly a file's name. */
static bool
is_module_name(const char *name)
{
    static const char *const endings[] = {".py", ".pyc", ".pyw", ".pyz",
                                          ".zip", ".txt"};
    const char *dot = strrchr(name, '.');
    bool start = true;

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (dot && strcmp(dot, endings[i]) == 0) {
            return false;
        }
    }

    for (; *name; name++) {
        if (*name == '.' && !start) {
            start = true;
            continue;
        }
        if (!isalpha((unsigned char)*name) && *name != '_'
            && (start || !isdigit((unsigned char)*name))) {
            return false;
        }
        start = false;
    }
    return !start;
}

void
target_check(const struct target *target)
{
    struct stat st;

    if (target->kind == TARGET_SCRIPT && stat(target->name, &st) < 0
        && errno == ENOENT && is_module_name(target->name)) {
        die(DIE_USAGE, "%s: no such file; did you mean -m %s?",
            target->name, target->name);
    }
}
