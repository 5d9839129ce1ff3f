# SPDX-License-Identifier: MIT
"""pyperformance django_template: a table of 100 x 100"""

import borrowed
from workloads import times

NEEDS = (*borrowed.NEEDS, "django")


def run(scale):
    import django.conf

    django.conf.settings.configure(TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates"}])
    django.setup()
    runner = borrowed.Runner(times(14, scale))
    borrowed.load("django_template").bench_django_template(runner, 100)
    return str(runner.result)
