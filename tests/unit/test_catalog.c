/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "hand_region.h"
#include "model/filter.h"
#include "model/location.h"

static void
origins_and_shown_paths(void **state)
{
    static const struct {
        const char *path, *shown;
        char mark;
        enum origin origin;
    } cases[] = {
        {"/home/u/app/shop/cache.py", "shop/cache.py", ' ', ORIGIN_YOURS},
        {"/home/u/other/x.py", "other/x.py", ' ', ORIGIN_YOURS},
        {"/srv/x.py", "/srv/x.py", ' ', ORIGIN_YOURS},
        {"./x.py", "x.py", ' ', ORIGIN_YOURS},
        {"/home/u/application/x.py", "application/x.py", ' ', ORIGIN_YOURS},
        {"/opt/py/lib/stdlib/json/decoder.py", "json/decoder.py", 's',
         ORIGIN_STDLIB},
        {"/usr/lib/python3.11/json/decoder.py", "json/decoder.py", 's',
         ORIGIN_STDLIB},
        {"/usr/lib64/python3.9/re.py", "re.py", 's', ORIGIN_STDLIB},
        {"/x/python312.zip/re/__init__.py", "re/__init__.py", 's',
         ORIGIN_STDLIB},
        {"/home/u/python3.9/x.py", "python3.9/x.py", ' ', ORIGIN_YOURS},
        {"/usr/lib/python3/dist-packages/yaml/x.py", "yaml/x.py", 'p',
         ORIGIN_SITE},
        {"/home/u/app/venv/lib/python3.12/site-packages/jinja2/e.py",
         "jinja2/e.py", 'p', ORIGIN_SITE},
        {"<frozen importlib._bootstrap>", "<frozen importlib._bootstrap>",
         'i', ORIGIN_IMPORT},
        {"<frozen importlib._bootstrap_external>",
         "<frozen importlib._bootstrap_external>", 'i', ORIGIN_IMPORT},
        {"<frozen zipimport>", "<frozen zipimport>", 'i', ORIGIN_IMPORT},
        {"/usr/lib/python3.11/importlib/__init__.py",
         "importlib/__init__.py", 'i', ORIGIN_IMPORT},
        {"/usr/lib/python3.11/importlib/metadata/__init__.py",
         "importlib/metadata/__init__.py", 's', ORIGIN_STDLIB},
        {"<frozen runpy>", "<frozen runpy>", 's', ORIGIN_STDLIB},
        {"<string>", "<string>", ' ', ORIGIN_GENERATED},
        {"<stdin>", "<stdin>", ' ', ORIGIN_YOURS},
    };
    struct origin_roots *roots = origin_roots_new(&(struct origin_paths){
        .stdlib = "/opt/py/lib/stdlib", .script_dir = "/home/u/app/",
        .cwd = "/home/u"});

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *shown;
        enum origin origin = origin_of(roots, cases[i].path, &shown);
        assert_string_equal(shown, cases[i].shown);
        assert_int_equal(origin, cases[i].origin);
        assert_int_equal(origin_mark(origin), cases[i].mark);
    }
    origin_roots_free(roots);
    roots = origin_roots_new(&(struct origin_paths){.string_is_yours = true});
    const char *shown;
    assert_int_equal(origin_of(roots, "<string>", &shown), ORIGIN_YOURS);
    origin_roots_free(roots);
}

static void
contexts_find_their_places(void **state)
{
    struct hand_region hand;
    struct catalog catalog;
    struct snapshot snapshot = {0};

    (void)state;
    hand_init(&hand);
    catalog_init(&catalog, &(struct origin_paths){.cwd = "/w"});
    uint32_t mine = hand_code(&hand, "/w/a.py", "C.m.<locals>.g", 10);
    uint32_t module = hand_code(&hand, "/w/a.py", "<module>", 1);
    uint32_t library = hand_code(&hand, "/usr/lib/python3.12/re.py", "x", 5);
    uint32_t a = hand_context(&hand, CONTEXT_NONE, module, 10);
    uint32_t b = hand_context(&hand, a, mine, 10);
    uint32_t c = hand_context(&hand, b, library, 7);
    uint32_t d = hand_context(&hand, CONTEXT_CUT, library, 7);
    hand_take(&hand, &catalog, &snapshot);

    /* One line for both; named by the function, not the module. */
    assert_int_equal(catalog.contexts[a].line, catalog.contexts[b].line);
    const struct catalog_line *line = catalog_line(&catalog,
                                                   catalog.contexts[b].line);
    assert_int_equal(line->line, 10);
    assert_string_equal(catalog_function(&catalog, line->function)->name,
                        "C.m.<locals>.g");
    assert_string_equal(
        catalog_function(&catalog, line->function)->short_name, "g");
    assert_int_equal(catalog.contexts[c].mine, b);
    assert_int_equal(catalog.contexts[d].mine, CATALOG_NONE);
    catalog_find_again(&catalog);
    assert_int_equal(catalog.contexts[b].again, AGAIN_FILE | AGAIN_LINE);
    assert_int_equal(catalog.contexts[c].again, 0);
    catalog_link(&catalog);
    assert_int_equal(catalog.tracebacks[catalog.contexts[d].traceback].depth,
                     2);
    assert_int_equal(catalog_find_line(&catalog, line->file, 10),
                     catalog.contexts[a].line);
    assert_int_equal(catalog_find_line(&catalog, line->file, 11),
                     CATALOG_NONE);
    snapshot_release(&snapshot);
    catalog_release(&catalog);
    hand_release(&hand);
}

/* A region written by a process gone mad: no crash, no lost byte. */
static void
nonsense_is_survived(void **state)
{
    struct hand_region hand;
    struct catalog catalog;
    struct snapshot snapshot = {0};
    struct strbuf buf;

    (void)state;
    hand_init(&hand);
    catalog_init(&catalog, NULL);
    static const char file[] = "/w/\x1b[31m\xff\xc3\xa9\xe2\x80\xae.py";
    uint32_t code = hand_code_bytes(&hand, file, sizeof(file) - 1, "a\nb", 3,
                                    1);
    uint32_t bad = hand_code(&hand, "/w/x.py", "f", 1);
    hand.codes[bad].filename = UINT32_MAX - 2;
    hand.codes[bad].name_len = UINT32_MAX;
    hand.codes[bad].linetable_len = UINT32_MAX;
    uint32_t good = hand_context(&hand, CONTEXT_NONE, code, 3);
    uint32_t contexts[4];
    for (int i = 0; i < 4; i++) {
        contexts[i] = hand_context(&hand, good, bad, 1);
    }
    hand.contexts[contexts[0]].parent = contexts[3];    /* not before it */
    hand.contexts[contexts[1]].code = 0;
    hand.contexts[contexts[2]].code = UINT32_MAX;
    hand.contexts[contexts[3]].instr = UINT32_MAX;
    for (int i = 0; i < 4; i++) {
        hand_now(&hand, contexts[i], 10, 1);
    }
    hand_now(&hand, good, 2, 1);
    hand_take(&hand, &catalog, &snapshot);
    assert_int_equal(snapshot.totals.bytes, 42);

    strbuf_init(&buf);
    location_add_line(&buf, &catalog, catalog.contexts[good].line, 0, false);
    assert_string_equal(buf.text, "/w/?[31m?\xc3\xa9?.py:3 a?b");
    assert_int_equal(catalog.contexts[contexts[0]].parent, CATALOG_NONE);
    assert_int_equal(catalog.contexts[contexts[1]].line, CONTEXT_OTHER);
    assert_int_equal(catalog.contexts[contexts[2]].line, CONTEXT_OTHER);
    assert_string_equal(catalog_file(
        &catalog, catalog.contexts[contexts[3]].file)->shown, "?");
    assert_ptr_equal(catalog_line(&catalog, UINT32_MAX),
                     catalog_line(&catalog, CONTEXT_OTHER));
    strbuf_release(&buf);
    snapshot_release(&snapshot);
    catalog_release(&catalog);
    hand_release(&hand);
}

static void
locations_are_cut_function_first(void **state)
{
    static const struct {
        int cells;
        const char *text;
    } cases[] = {
        {0, "shop/pkg/cache.py:88 remember"},
        {29, "shop/pkg/cache.py:88 remember"},
        {28, "shop/pkg/cache.py:88 rememb~"},
        {24, "shop/pkg/cache.py:88 re~"},
        {23, "shop/pkg/cache.py:88"},
        {20, "shop/pkg/cache.py:88"},
        {19, "~op/pkg/cache.py:88"},
        {13, "~/cache.py:88"},
        {12, "cache.py:88"},
        {8, "cach~:88"},
    };
    struct hand_region hand;
    struct catalog catalog;
    struct snapshot snapshot = {0};
    struct strbuf buf;

    (void)state;
    hand_init(&hand);
    catalog_init(&catalog, NULL);
    uint32_t code = hand_code(&hand, "./shop/pkg/cache.py", "C.remember",
                              80);
    uint32_t context = hand_context(&hand, 0, code, 88);
    uint32_t other = hand_context(&hand, 0, code, 90);
    hand_take(&hand, &catalog, &snapshot);
    uint32_t line = catalog.contexts[context].line;
    strbuf_init(&buf);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        strbuf_clear(&buf);
        location_add_line(&buf, &catalog, line, cases[i].cells, true);
        assert_string_equal(buf.text, cases[i].text);
    }
    strbuf_clear(&buf);
    location_add_link(&buf, &catalog, catalog.contexts[other].line, line);
    assert_string_equal(buf.text, ":90 remember");
    strbuf_clear(&buf);
    location_add_function(&buf, &catalog, catalog.contexts[context].function,
                          12, 0, true);
    assert_string_equal(buf.text, "C.remember   shop/pkg/cache.py:80");

    /* From now on it runs as machine code: no context is new. */
    hand.codes[code].flags |= REGION_CODE_MACHINE;
    hand.head->trouble |= TROUBLE_MACHINE_CODE;
    hand_take(&hand, &catalog, &snapshot);
    strbuf_clear(&buf);
    location_add_line(&buf, &catalog, line, 0, true);
    assert_string_equal(buf.text, "shop/pkg/cache.py:88~ remember");
    strbuf_clear(&buf);
    location_add_line(&buf, &catalog, line, 13, true);
    assert_string_equal(buf.text, "cache.py:88~");
    strbuf_release(&buf);
    snapshot_release(&snapshot);
    catalog_release(&catalog);
    hand_release(&hand);
}

static void
filters_match_like_tracemalloc(void **state)
{
    static const struct {
        const char *filter;
        bool matches;
    } cases[] = {
        {NULL, true}, {"", true}, {"   ", true}, {"!", true},
        {"shop/*", true}, {"/w/shop/*", true}, {"*cache*", true},
        {"cache*", false}, {"*:88", true}, {"*:8", false},
        {"shop/cache.py:88", true}, {"remember", true},
        {"C.remember", true}, {"C.*", true}, {"!*cache*", false},
        {"!*test*", true}, {"*test* shop/*", true},
        {"shop/* !*:88", false}, {"!*:88 shop/*", false},
        {"s[a-h]op/*", true}, {"shop/cach?.py", true}, {"SHOP/*", false},
    };
    struct hand_region hand;
    struct catalog catalog;
    struct snapshot snapshot = {0};
    struct filter filter;

    (void)state;
    hand_init(&hand);
    catalog_init(&catalog, &(struct origin_paths){.cwd = "/w"});
    uint32_t code = hand_code(&hand, "/w/shop/cache.py", "C.remember", 80);
    uint32_t context = hand_context(&hand, 0, code, 88);
    hand_take(&hand, &catalog, &snapshot);
    filter_init(&filter);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        filter_set(&filter, cases[i].filter);
        for (int twice = 0; twice < 2; twice++) {
            assert_int_equal(filter_line(&filter, &catalog,
                                         catalog.contexts[context].line),
                             cases[i].matches);
        }
    }
    filter_release(&filter);
    snapshot_release(&snapshot);
    catalog_release(&catalog);
    hand_release(&hand);
}

/* Each process has a catalog; one filter goes along. */
static void
a_filter_asks_each_catalog(void **state)
{
    static const char *const names[] = {"/w/shop.py", "/w/depot.py"};
    struct filter filter;

    (void)state;
    filter_init(&filter);
    filter_set(&filter, "shop*");
    for (int i = 0; i < 2; i++) {
        struct hand_region hand;
        struct catalog catalog;
        struct snapshot snapshot = {0};

        hand_init(&hand);
        catalog_init(&catalog, &(struct origin_paths){.cwd = "/w"});
        uint32_t context = hand_context(
            &hand, 0, hand_code(&hand, names[i], "f", 1), 2);
        hand_take(&hand, &catalog, &snapshot);
        assert_int_equal(filter_line(&filter, &catalog,
                                     catalog.contexts[context].line), i == 0);
        snapshot_release(&snapshot);
        catalog_release(&catalog);
        hand_release(&hand);
    }
    filter_release(&filter);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(origins_and_shown_paths),
        cmocka_unit_test(contexts_find_their_places),
        cmocka_unit_test(nonsense_is_survived),
        cmocka_unit_test(locations_are_cut_function_first),
        cmocka_unit_test(filters_match_like_tracemalloc),
        cmocka_unit_test(a_filter_asks_each_catalog),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
