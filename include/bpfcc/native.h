// Native code that `bpfcc run --emit-native` writes: what the shared object
// exports, and the layouts that its code and its host share.
//
// The one symbol that it exports, `bpfcc_native`, tells of the programs, maps
// and data of the object that it was made from. Memory, maps and helpers are
// the host's. host.h beside this file makes a world of memory for programs in
// C; it says how guest memory, maps and faults work, and its inline functions
// show what each field here is for.
//
// Machines: Linux on x86-64, AArch64 and ARM (EABI), all little endian.
#ifndef BPFCC_NATIVE_H
#define BPFCC_NATIVE_H

#include <stdint.h>

// Changes with every change of a layout or of the meaning of a field.
#define BPFCC_NATIVE_ABI 1u
#define BPFCC_NATIVE_SYMBOL "bpfcc_native"

// A pointer has 8 bytes of its own on every machine: it and what follows start
// at a multiple of 8.
#ifdef __cplusplus
#define BPFCC_SLOT alignas(8)
#else
#define BPFCC_SLOT _Alignas(8)
#endif

enum {
  BPFCC_MARGIN = 1 << 16, // of the window and of its rights, at both ends
  BPFCC_WORKSPACE = 4096, // before address 0; the state stands at its start
  BPFCC_STACK = 512,      // bytes of a frame
  BPFCC_FRAMES = 8,       // nested calls
  BPFCC_TAIL_CALLS = 33,  // in one run
  BPFCC_LOOPS = 8 << 20,  // rounds of may_goto in one frame
};
// bpfcc_frame.function is a number in bpfcc_native.sites.
#define BPFCC_IS_SITE 0x80000000u
// What stands for maps and functions: no memory lies there.
#define BPFCC_MAP_BASE 0x4000000000000000u
#define BPFCC_FUNCTION_BASE 0x5000000000000000u

enum bpfcc_status {
  BPFCC_RETURNED, // r0 is the result
  BPFCC_STOPPED,  // a fault, or the limit of instructions
  BPFCC_FAILED,   // a helper ended the run
};

struct bpfcc_state;

struct bpfcc_answer {
  uint64_t value;
  uint64_t leave; // not 0: the run ends
};
typedef struct bpfcc_answer (*bpfcc_service)(uint64_t r1, uint64_t r2,
                                             uint64_t r3, uint64_t r4,
                                             uint64_t r5, struct bpfcc_state *);

// A subprogram that has begun and not returned.
struct bpfcc_frame {
  uint32_t function;
  uint32_t caller_inst;
  uint32_t loops; // rounds of may_goto that are left
  uint16_t caller_written, saved_mask;
  uint64_t saved[5];
  uint64_t stack_top; // r10
};

struct bpfcc_elements {
  BPFCC_SLOT const uint64_t *addresses;
};

// What code keeps in memory.
struct bpfcc_state {
  uint64_t left; // instructions that may still run
  BPFCC_SLOT struct bpfcc_frame *top;
  BPFCC_SLOT struct bpfcc_frame *last;
  uint64_t r[11]; // registers, on the way in and where the run stopped
  uint64_t saved_stack;
  BPFCC_SLOT const uint8_t *rights;
  uint64_t guest_end;
  uint64_t scratch;
  uint32_t inst;
  uint32_t status;                      // enum bpfcc_status
  uint64_t helper;                      // that call_helper is to run
  BPFCC_SLOT bpfcc_service call_helper; // r1 to r5 -> r0
  // r1 to r5 -> the code to go on at; 0: behind the call
  BPFCC_SLOT bpfcc_service tail_call;
  // offset and size -> the bytes of LD_ABS as a number; leaves if there are
  // none
  BPFCC_SLOT bpfcc_service load_packet;
  // number of a map and address of a key -> address of the value
  BPFCC_SLOT bpfcc_service lookup_in;
  BPFCC_SLOT void *owner;            // the host's
  BPFCC_SLOT const uint64_t *values; // of maps of one element, by map
  // By map: the addresses of an array's elements; null: the helper is called.
  BPFCC_SLOT const struct bpfcc_elements *arrays;
  BPFCC_SLOT uint32_t cpu; // what bpf_get_smp_processor_id gives
};

struct bpfcc_function {
  BPFCC_SLOT const char *name;
  BPFCC_SLOT const char *section;
  BPFCC_SLOT const void *call; // null: it has no native code
  BPFCC_SLOT const void *body; // where a tail call enters
  BPFCC_SLOT uint32_t is_program;
  uint32_t required; // bit n: it reads rn as it was given
};

struct bpfcc_map {
  BPFCC_SLOT const char *name;
  BPFCC_SLOT uint32_t type;
  uint32_t key_size, value_size, max_entries, flags, reserved;
  BPFCC_SLOT const void *initial; // value of a data section; null: zeroes
};

enum bpfcc_pointer_kind { BPFCC_TO_VALUE, BPFCC_TO_MAP, BPFCC_TO_FUNCTION };
// The value of `map` holds an address, at `offset`: that of a map's value, or
// what stands for a map or a function, plus `addend`.
struct bpfcc_pointer {
  uint32_t map, size;
  uint64_t offset;
  uint32_t kind, target;
  uint64_t addend;
};

// A call of a subprogram.
struct bpfcc_site {
  uint32_t callee, inst;
  uint16_t written, saved;
};

struct bpfcc_native {
  uint32_t abi; // BPFCC_NATIVE_ABI
  uint32_t big_endian;
  uint32_t num_functions, num_maps, num_pointers, num_sites;
  uint64_t object_size;
  uint64_t analysis; // for bpfcc: what it found out about the programs
  BPFCC_SLOT uint64_t (*enter)(struct bpfcc_state *, const void *code);
  BPFCC_SLOT const struct bpfcc_function *functions;
  BPFCC_SLOT const struct bpfcc_map *maps;
  BPFCC_SLOT const struct bpfcc_pointer *pointers;
  BPFCC_SLOT const struct bpfcc_site *sites;
  BPFCC_SLOT const void *object; // the BPF object that it was made from
  BPFCC_SLOT const char *license;
};

#endif
