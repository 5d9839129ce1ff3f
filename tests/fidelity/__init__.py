# SPDX-License-Identifier: MIT
"""Ways to use python: tables of cases by subject, and what compares them."""
