/* SPDX-License-Identifier: MIT */
#include "environment.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct environment_place
environment_find(void)
{
    struct environment_place place = { environ[0], environ[0] };
    for (char **word = environ; *word != NULL; word++) {
        if (*word != place.end) {
            return (struct environment_place){ NULL, NULL };
        }
        place.end += strlen(*word) + 1;
    }
    return place;
}

void
environment_close_up(struct environment_place place)
{
    size_t room = (size_t)(place.end - place.begin), used = 0;
    for (char **word = environ; *word != NULL; word++) {
        used += strlen(*word) + 1;
    }
    char *copy = room > used ? malloc(room) : NULL;
    if (copy == NULL) {
        return;
    }
    char *to = copy;
    for (char **word = environ; *word != NULL; word++) {
        size_t size = strlen(*word) + 1;
        memcpy(to, *word, size);
        *word = place.begin + (to - copy);
        to += size;
    }
    memset(to, 0, room - used);
    memcpy(place.begin, copy, room);
    free(copy);
}
