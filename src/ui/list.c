/* SPDX-License-Identifier: MIT */
#include "ui/list.h"

static int
clamp(int value, int low, int high)
{
    return value > high ? (high < low ? low : high)
        : value < low ? low : value;
}

static void
settle(struct list *list)
{
    list->cursor = clamp(list->cursor, 0, list->count - 1);
    if (list->height > 0) {
        list->top = clamp(list->top, list->cursor - list->height + 1,
                          list->cursor);
        list->top = clamp(list->top, 0, list->count - list->height);
    }
    if (list->top < 0) {
        list->top = 0;
    }
}

void
list_follow(struct list *list, int count, int row)
{
    int line = list->cursor - list->top;

    list->count = count;
    if (list->parked) {
        list->cursor = 0;
        list->top = 0;
    }
    else if (row >= 0) {
        list->cursor = row;
        list->top = row - line;
    }
    settle(list);
}

void
list_show(struct list *list, int screen_row, int height)
{
    list->screen_row = screen_row;
    list->height = height > 0 ? height : 1;
    settle(list);
}

void
list_go(struct list *list, int row)
{
    list->parked = false;
    list->cursor = row;
    settle(list);
}

/* Scroll by rows; the cursor goes along only when it must. */
static void
scroll(struct list *list, int rows)
{
    list->parked = false;
    list->top = clamp(list->top + rows, 0, list->count - list->height);
    list->cursor = clamp(list->cursor, list->top,
                         list->top + list->height - 1);
    settle(list);
}

bool
list_act(struct list *list, enum action action)
{
    int page = list->height > 1 ? list->height - 1 : 1;

    switch (action) {
    case ACTION_UP:
        list_go(list, list->cursor - 1);
        return true;
    case ACTION_DOWN:
        list_go(list, list->cursor + 1);
        return true;
    case ACTION_PAGE_UP:
        list_go(list, list->cursor - page);
        return true;
    case ACTION_PAGE_DOWN:
        list_go(list, list->cursor + page);
        return true;
    case ACTION_WHEEL_UP:
        scroll(list, -3);
        return true;
    case ACTION_WHEEL_DOWN:
        scroll(list, 3);
        return true;
    case ACTION_FIRST:
        list_go(list, 0);
        list->parked = true;
        return true;
    case ACTION_LAST:
        list_go(list, list->count - 1);
        return true;
    default:
        return false;
    }
}

int
list_row_at(const struct list *list, int screen_row)
{
    int line = screen_row - list->screen_row;

    if (line < 0 || line >= list->height
        || list->top + line >= list->count) {
        return -1;
    }
    return list->top + line;
}
