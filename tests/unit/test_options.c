/* SPDX-License-Identifier: MIT
 *
 * Reading a command line: the table of options, the words that are python's,
 * and what python is asked to run.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher/option_table.h"
#include "launcher/options.h"
#include "launcher/target.h"

#define WORDS(...) ((char *[]){"pymtop", __VA_ARGS__, NULL})
#define COUNT(...) \
    ((int)(sizeof((char *[]){"pymtop", __VA_ARGS__}) / sizeof(char *)))
#define PARSE(options, ...) \
    options_parse(&(options), COUNT(__VA_ARGS__), WORDS(__VA_ARGS__))

static void
test_own_options_come_first(void **state)
{
    struct options options;

    (void)state;
    PARSE(options, "--batch", "--top", "5", "script.py", "--top", "6");
    assert_true(options.batch);
    assert_int_equal(options.top, 5);
    assert_int_equal(options.python_argc, 3);
    assert_string_equal(options.python_argv[0], "script.py");
    assert_string_equal(options.python_argv[2], "6");
    assert_null(options.python_argv[3]);
}

static void
test_values(void **state)
{
    struct options options;

    (void)state;
    PARSE(options, "--interval=0.5", "--by=traceback", "--format", "json",
          "-oout", "-p", "/py", "--start=embed", "--refresh", "10",
          "--color=never", "--ascii", "--no-mouse", "--sort=size");
    assert_true(options.interval == 0.5);
    assert_int_equal(options.by, BY_TRACEBACK);
    assert_int_equal(options.format, REPORT_JSON);
    assert_string_equal(options.output, "out");
    assert_string_equal(options.python, "/py");
    assert_int_equal(options.start, START_EMBED);
    assert_true(options.refresh == 10);
    assert_int_equal(options.color, COLOR_NEVER);
    assert_true(options.ascii && options.no_mouse);
    assert_int_equal(options.sort, COLUMN_SIZE);
    assert_int_equal(options.python_argc, 0);
}

static void
test_defaults(void **state)
{
    struct options options;

    (void)state;
    PARSE(options, "x.py");
    assert_false(options.batch);
    assert_int_equal(options.top, -1);
    assert_int_equal(options.by, BY_LINE);
    assert_int_equal(options.format, REPORT_TEXT);
    assert_int_equal(options.sort, COLUMN_NONE);
    assert_int_equal(options.start, START_AUTO);
    assert_null(options.output);
    assert_null(options.python);
}

static void
test_python_words_stay(void **state)
{
    struct options options;

    (void)state;
    PARSE(options, "-Xdev", "-Wd", "-O", "s.py", "-o", "x");
    assert_int_equal(options.python_argc, 6);
    assert_null(options.output);
    PARSE(options, "-VV");
    assert_int_equal(options.python_argc, 1);
    PARSE(options, "--batch", "--", "--whatever");
    assert_int_equal(options.python_argc, 1);
    assert_string_equal(options.python_argv[0], "--whatever");
    PARSE(options, "--batch", "-c", "code", "--batc");
    assert_int_equal(options.python_argc, 3);
}

static const char *
nearest(const char *text)
{
    const char *near = option_table_nearest(text, strlen(text));

    return near ? near : "";
}

static void
test_nearest(void **state)
{
    (void)state;
    assert_string_equal(nearest("bacth"), "batch");
    assert_string_equal(nearest("inter"), "interval");
    assert_string_equal(nearest("colour"), "color");
    assert_string_equal(nearest("pyhton"), "python");
    assert_string_equal(nearest("help-evn"), "help-env");
    assert_string_equal(nearest("zzz"), "");
    assert_string_equal(nearest("foo"), "");
    assert_string_equal(nearest(""), "");
    assert_string_equal(nearest("help-man-page-of-this"), "");
}

#define TARGET(target, ...) \
    target_find(&(target), COUNT(__VA_ARGS__) - 1, WORDS(__VA_ARGS__) + 1)

static void
check_target(enum target_kind kind, const char *name, int index,
             const struct target *target)
{
    assert_int_equal(target->kind, kind);
    if (name) {
        assert_string_equal(target->name, name);
    }
    assert_int_equal(target->index, index);
    assert_null(target->unknown);
}

static void
test_target(void **state)
{
    struct target t;

    (void)state;
    TARGET(t, "s.py", "-c");
    check_target(TARGET_SCRIPT, "s.py", 0, &t);
    TARGET(t, "-X", "dev", "-W", "error", "-u", "s.py");
    check_target(TARGET_SCRIPT, "s.py", 5, &t);
    TARGET(t, "-Xdev", "-Werror", "s.py");
    check_target(TARGET_SCRIPT, "s.py", 2, &t);
    TARGET(t, "-uXdev", "s.py");
    check_target(TARGET_SCRIPT, "s.py", 1, &t);
    TARGET(t, "-IX", "dev", "s.py");
    check_target(TARGET_SCRIPT, "s.py", 2, &t);
    TARGET(t, "-m", "mod", "-c");
    check_target(TARGET_MODULE, "mod", 1, &t);
    TARGET(t, "-Immod");
    check_target(TARGET_MODULE, "mod", 0, &t);
    TARGET(t, "-Ic", "code");
    check_target(TARGET_CODE, "code", 1, &t);
    TARGET(t, "-ccode", "--strange");
    check_target(TARGET_CODE, "code", 0, &t);
    TARGET(t, "-", "x");
    check_target(TARGET_STDIN, NULL, 0, &t);
    TARGET(t, "--check-hash-based-pycs", "always", "s.py");
    check_target(TARGET_SCRIPT, "s.py", 2, &t);
    TARGET(t, "-B", "--", "-s.py");
    check_target(TARGET_SCRIPT, "-s.py", 2, &t);
    TARGET(t, "-BVV");
    check_target(TARGET_INFORMATION, NULL, 0, &t);
    TARGET(t, "--help-xoptions");
    check_target(TARGET_INFORMATION, NULL, 0, &t);
    TARGET(t, "-B", "--strange", "s.py");
    assert_string_equal(t.unknown, "--strange");
}

static void
test_title(void **state)
{
    char *title = target_title(3, (char *[]){"-m", "shop", "--orders=2"});

    (void)state;
    assert_string_equal(title, "python -m shop --orders=2");
    free(title);
}

static void
check_directory(const char *words, const char *expected)
{
    struct target target;
    char *word = strdup(words);

    target_find(&target, 1, (char *[]){word, NULL});
    char *directory = target_directory(&target);
    assert_non_null(directory);
    assert_string_equal(directory, expected);
    free(directory);
    free(word);
}

static void
test_directory(void **state)
{
    char folder[] = "/tmp/pymtop-unit-XXXXXX", text[200];

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir("sub", 0700), 0);
    fclose(fopen("sub/s.py", "w"));
    fclose(fopen("sub/a.zip", "w"));
    assert_int_equal(symlink("sub/s.py", "link.py"), 0);
    snprintf(text, sizeof(text), "%s/sub", folder);
    check_directory("sub/s.py", text);
    check_directory("link.py", text);
    check_directory("sub", text);
    check_directory("-", folder);
    snprintf(text, sizeof(text), "%s/sub/a.zip", folder);
    check_directory("sub/a.zip", text);
    unlink("link.py");
    unlink("sub/s.py");
    unlink("sub/a.zip");
    rmdir("sub");
    assert_int_equal(chdir("/"), 0);
    rmdir(folder);
}

static void
test_runs_nothing(void **state)
{
    struct target target = {.kind = TARGET_SCRIPT, .name = "/no/such.py"};

    (void)state;
    assert_true(target_runs_nothing(&target));
    target.name = "/proc";
    assert_true(target_runs_nothing(&target));
    target.name = "/proc/self/status";
    assert_false(target_runs_nothing(&target));
    target.kind = TARGET_INFORMATION;
    assert_true(target_runs_nothing(&target));
    target.kind = TARGET_CODE;
    assert_false(target_runs_nothing(&target));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_options_come_first),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_python_words_stay),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_target),
        cmocka_unit_test(test_title),
        cmocka_unit_test(test_directory),
        cmocka_unit_test(test_runs_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
