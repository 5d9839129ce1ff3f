/* SPDX-License-Identifier: MIT
 *
 * The rows of offsets.h, as initialisers, printed by tools/print_offsets.c.
 * Free-list fields are -1 where the lists are not reachable (3.9: static) or
 * where the engine does not keep them empty (3.13 on).
 */
#ifndef PYMTOP_OFFSETS_ROWS_H
#define PYMTOP_OFFSETS_ROWS_H

#define OFFSETS_3_9 { \
    .minor = 9, .instr_kind = INSTR_LASTI_BYTES, .tstate_interp = 16, \
    .tstate_tracing = 44, .tstate_frame = 24, .cframe_frame = -1, \
    .tstate_base = -1, .frame_code = 32, .frame_back = 24, \
    .frame_instr = 104, .frame_owner = -1, .owner_generator = -1, \
    .owner_shim = -1, .mark_kind = MARK_GENERATOR, .frame_mark = 96, \
    .frame_slots = -1, .frame_entry = -1, .frame_function = -1, \
    .frame_data = 368, .code_size = 176, .code_filename = 104, \
    .code_name = 112, .code_qualname = -1, .code_firstlineno = 40, \
    .code_linetable = 120, .code_flags = 36, .code_bytes = -1, \
    .code_firsttraceable = -1, .code_executors = -1, .str_length = 16, \
    .str_state = 32, .str_ascii = 48, .str_compact = 72, .str_data = 72, \
    .bytes_size = 16, .bytes_data = 32, .type_flags = 168, \
    .type_dealloc = 48, .preheader_flags = 0x0, .tuple_lists = -1, \
    .tuple_counts = -1, .tuple_kinds = 0, .tuple_max = 0, .float_list = -1, \
    .float_count = -1, .float_max = 0, .list_lists = -1, .list_count = -1, \
    .dict_lists = -1, .dict_count = -1, }

#define OFFSETS_3_10 { \
    .minor = 10, .instr_kind = INSTR_LASTI_UNITS, .tstate_interp = 16, \
    .tstate_tracing = 44, .tstate_frame = 24, .cframe_frame = -1, \
    .tstate_base = -1, .frame_code = 32, .frame_back = 24, \
    .frame_instr = 96, .frame_owner = -1, .owner_generator = -1, \
    .owner_shim = -1, .mark_kind = MARK_GENERATOR, .frame_mark = 88, \
    .frame_slots = -1, .frame_entry = -1, .frame_function = -1, \
    .frame_data = 360, .code_size = 176, .code_filename = 104, \
    .code_name = 112, .code_qualname = -1, .code_firstlineno = 40, \
    .code_linetable = 120, .code_flags = 36, .code_bytes = -1, \
    .code_firsttraceable = -1, .code_executors = -1, .str_length = 16, \
    .str_state = 32, .str_ascii = 48, .str_compact = 72, .str_data = 72, \
    .bytes_size = 16, .bytes_data = 32, .type_flags = 168, \
    .type_dealloc = 48, .preheader_flags = 0x0, .tuple_lists = 9800, \
    .tuple_counts = 9960, .tuple_kinds = 20, .tuple_max = 2000, \
    .float_list = 9784, .float_count = 9776, .float_max = 100, \
    .list_lists = 10040, .list_count = 10680, .dict_lists = 10688, \
    .dict_count = 11328, }

#define OFFSETS_3_11 { \
    .minor = 11, .instr_kind = INSTR_POINTER, .tstate_interp = 16, \
    .tstate_tracing = 44, .tstate_frame = 56, .cframe_frame = 8, \
    .tstate_base = -1, .frame_code = 32, .frame_back = 48, \
    .frame_instr = 56, .frame_owner = 69, .owner_generator = 1, \
    .owner_shim = 3, .mark_kind = MARK_STACKTOP, .frame_mark = 64, \
    .frame_slots = 72, .frame_entry = 68, .frame_function = -1, \
    .frame_data = 48, .code_size = 184, .code_filename = 112, \
    .code_name = 120, .code_qualname = 128, .code_firstlineno = 72, \
    .code_linetable = 136, .code_flags = 48, .code_bytes = 184, \
    .code_firsttraceable = 168, .code_executors = -1, .str_length = 16, \
    .str_state = 32, .str_ascii = 48, .str_compact = 72, .str_data = 72, \
    .bytes_size = 16, .bytes_data = 32, .type_flags = 168, \
    .type_dealloc = 48, .preheader_flags = 0x10, .tuple_lists = 3632, \
    .tuple_counts = 3792, .tuple_kinds = 20, .tuple_max = 2000, \
    .float_list = 3616, .float_count = 3608, .float_max = 100, \
    .list_lists = 3872, .list_count = 4512, .dict_lists = 4520, \
    .dict_count = 5160, }

/* Two mutexes lie before the free lists; a pthread_mutex_t of aarch64 has 8
 * bytes more. */
#ifdef __aarch64__
#define OFFSETS_3_12 { \
    .minor = 12, .instr_kind = INSTR_POINTER, .tstate_interp = 16, \
    .tstate_tracing = 44, .tstate_frame = 56, .cframe_frame = 0, \
    .tstate_base = -1, .frame_code = 0, .frame_back = 8, .frame_instr = 56, \
    .frame_owner = 70, .owner_generator = 1, .owner_shim = 3, \
    .mark_kind = MARK_STACKTOP, .frame_mark = 64, .frame_slots = 72, \
    .frame_entry = -1, .frame_function = -1, .frame_data = 48, \
    .code_size = 192, .code_filename = 112, .code_name = 120, \
    .code_qualname = 128, .code_firstlineno = 68, .code_linetable = 136, \
    .code_flags = 48, .code_bytes = 192, .code_firsttraceable = 176, \
    .code_executors = -1, .str_length = 16, .str_state = 32, \
    .str_ascii = 40, .str_compact = 56, .str_data = 56, .bytes_size = 16, \
    .bytes_data = 32, .type_flags = 168, .type_dealloc = 48, \
    .preheader_flags = 0x18, .tuple_lists = 269848, .tuple_counts = 270008, \
    .tuple_kinds = 20, .tuple_max = 2000, .float_list = 267432, \
    .float_count = 267424, .float_max = 100, .list_lists = 270088, \
    .list_count = 270728, .dict_lists = 270752, .dict_count = 272032, }
#else
#define OFFSETS_3_12 { \
    .minor = 12, .instr_kind = INSTR_POINTER, .tstate_interp = 16, \
    .tstate_tracing = 44, .tstate_frame = 56, .cframe_frame = 0, \
    .tstate_base = -1, .frame_code = 0, .frame_back = 8, .frame_instr = 56, \
    .frame_owner = 70, .owner_generator = 1, .owner_shim = 3, \
    .mark_kind = MARK_STACKTOP, .frame_mark = 64, .frame_slots = 72, \
    .frame_entry = -1, .frame_function = -1, .frame_data = 48, \
    .code_size = 192, .code_filename = 112, .code_name = 120, \
    .code_qualname = 128, .code_firstlineno = 68, .code_linetable = 136, \
    .code_flags = 48, .code_bytes = 192, .code_firsttraceable = 176, \
    .code_executors = -1, .str_length = 16, .str_state = 32, \
    .str_ascii = 40, .str_compact = 56, .str_data = 56, .bytes_size = 16, \
    .bytes_data = 32, .type_flags = 168, .type_dealloc = 48, \
    .preheader_flags = 0x18, .tuple_lists = 269832, .tuple_counts = 269992, \
    .tuple_kinds = 20, .tuple_max = 2000, .float_list = 267416, \
    .float_count = 267408, .float_max = 100, .list_lists = 270072, \
    .list_count = 270712, .dict_lists = 270736, .dict_count = 272016, }
#endif

#define OFFSETS_3_13 { \
    .minor = 13, .instr_kind = INSTR_POINTER, .tstate_interp = 16, \
    .tstate_tracing = 60, .tstate_frame = 72, .cframe_frame = -1, \
    .tstate_base = -1, .frame_code = 0, .frame_back = 8, .frame_instr = 56, \
    .frame_owner = 70, .owner_generator = 1, .owner_shim = 3, \
    .mark_kind = MARK_STACKTOP, .frame_mark = 64, .frame_slots = 72, \
    .frame_entry = -1, .frame_function = -1, .frame_data = 64, \
    .code_size = 200, .code_filename = 112, .code_name = 120, \
    .code_qualname = 128, .code_firstlineno = 68, .code_linetable = 136, \
    .code_flags = 48, .code_bytes = 200, .code_firsttraceable = 184, \
    .code_executors = -1, .str_length = 16, .str_state = 32, \
    .str_ascii = 40, .str_compact = 56, .str_data = 56, .bytes_size = 16, \
    .bytes_data = 32, .type_flags = 168, .type_dealloc = 48, \
    .preheader_flags = 0x18, .tuple_lists = -1, .tuple_counts = -1, \
    .tuple_kinds = 0, .tuple_max = 0, .float_list = -1, .float_count = -1, \
    .float_max = 0, .list_lists = -1, .list_count = -1, .dict_lists = -1, \
    .dict_count = -1, }

#define OFFSETS_3_14 { \
    .minor = 14, .instr_kind = INSTR_POINTER, .tstate_interp = 16, \
    .tstate_tracing = 60, .tstate_frame = 72, .cframe_frame = -1, \
    .tstate_base = -1, .frame_code = 0, .frame_back = 8, .frame_instr = 56, \
    .frame_owner = 74, .owner_generator = 1, .owner_shim = 3, \
    .mark_kind = MARK_STACKPOINTER, .frame_mark = 64, .frame_slots = 80, \
    .frame_entry = -1, .frame_function = 16, .frame_data = 72, \
    .code_size = 208, .code_filename = 112, .code_name = 120, \
    .code_qualname = 128, .code_firstlineno = 68, .code_linetable = 136, \
    .code_flags = 48, .code_bytes = 208, .code_firsttraceable = 192, \
    .code_executors = 152, .str_length = 16, .str_state = 32, \
    .str_ascii = 40, .str_compact = 56, .str_data = 56, .bytes_size = 16, \
    .bytes_data = 32, .type_flags = 168, .type_dealloc = 48, \
    .preheader_flags = 0x18, .tuple_lists = -1, .tuple_counts = -1, \
    .tuple_kinds = 0, .tuple_max = 0, .float_list = -1, .float_count = -1, \
    .float_max = 0, .list_lists = -1, .list_count = -1, .dict_lists = -1, \
    .dict_count = -1, }

#define OFFSETS_3_15 { \
    .minor = 15, .instr_kind = INSTR_POINTER, .tstate_interp = 16, \
    .tstate_tracing = 64, .tstate_frame = 72, .cframe_frame = -1, \
    .tstate_base = 80, .frame_code = 0, .frame_back = 8, .frame_instr = 56, \
    .frame_owner = 74, .owner_generator = 1, .owner_shim = 3, \
    .mark_kind = MARK_STACKPOINTER, .frame_mark = 64, .frame_slots = 80, \
    .frame_entry = -1, .frame_function = 16, .frame_data = 72, \
    .code_size = 208, .code_filename = 112, .code_name = 120, \
    .code_qualname = 128, .code_firstlineno = 68, .code_linetable = 136, \
    .code_flags = 48, .code_bytes = 208, .code_firsttraceable = 192, \
    .code_executors = 152, .str_length = 16, .str_state = 32, \
    .str_ascii = 40, .str_compact = 56, .str_data = 56, .bytes_size = 16, \
    .bytes_data = 32, .type_flags = 168, .type_dealloc = 48, \
    .preheader_flags = 0x18, .tuple_lists = -1, .tuple_counts = -1, \
    .tuple_kinds = 0, .tuple_max = 0, .float_list = -1, .float_count = -1, \
    .float_max = 0, .list_lists = -1, .list_count = -1, .dict_lists = -1, \
    .dict_count = -1, }

#define OFFSETS_3_13T { \
    .minor = 13, .free_threaded = 1, .instr_kind = INSTR_POINTER, \
    .tstate_interp = 16, .tstate_tracing = 60, .tstate_frame = 72, \
    .cframe_frame = -1, .tstate_base = -1, .frame_code = 0, .frame_back = 8, \
    .frame_instr = 56, .frame_owner = 70, .owner_generator = 1, \
    .owner_shim = 3, .mark_kind = MARK_STACKTOP, .frame_mark = 64, \
    .frame_slots = 72, .frame_entry = -1, .frame_function = -1, \
    .frame_data = 80, .code_size = 216, .code_filename = 128, \
    .code_name = 136, .code_qualname = 144, .code_firstlineno = 84, \
    .code_linetable = 152, .code_flags = 64, .code_bytes = 216, \
    .code_firsttraceable = 200, .code_executors = -1, .str_length = 32, \
    .str_state = 48, .str_ascii = 56, .str_compact = 72, .str_data = 72, \
    .bytes_size = 32, .bytes_data = 48, .type_flags = 184, \
    .type_dealloc = 64, .preheader_flags = 0x18, .tuple_lists = -1, \
    .tuple_counts = -1, .tuple_kinds = 0, .tuple_max = 0, .float_list = -1, \
    .float_count = -1, .float_max = 0, .list_lists = -1, .list_count = -1, \
    .dict_lists = -1, .dict_count = -1, }

#endif
