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
#define BPFCC_NATIVE_SLOT alignas(8)
#else
#define BPFCC_NATIVE_SLOT _Alignas(8)
#endif

enum {
  BPFCC_NATIVE_MARGIN =
      1 << 16, // of the window and of its rights, at both ends
  BPFCC_NATIVE_WORKSPACE =
      4096,                 // before address 0; the state stands at its start
  BPFCC_NATIVE_STACK = 512, // bytes of a frame
  BPFCC_NATIVE_FRAMES = 8,  // nested calls
  BPFCC_NATIVE_TAIL_CALLS = 33, // in one run
  BPFCC_NATIVE_LOOPS = 8 << 20, // rounds of may_goto in one frame
};
// bpfcc_native_frame.function is a number in bpfcc_native.sites.
#define BPFCC_NATIVE_IS_SITE 0x80000000u
// What stands for maps and functions: no memory lies there.
#define BPFCC_NATIVE_MAP_BASE 0x4000000000000000u
#define BPFCC_NATIVE_FUNCTION_BASE 0x5000000000000000u

enum bpfcc_native_status {
  BPFCC_NATIVE_RETURNED, // r0 is the result
  BPFCC_NATIVE_STOPPED,  // a fault, or the limit of instructions
  BPFCC_NATIVE_FAILED,   // a helper ended the run
};

struct bpfcc_native_state;

struct bpfcc_native_answer {
  uint64_t value;
  uint64_t leave; // not 0: the run ends
};
typedef struct bpfcc_native_answer (*bpfcc_native_service)(
    uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4, uint64_t r5,
    struct bpfcc_native_state *);

// A subprogram that has begun and not returned.
struct bpfcc_native_frame {
  uint32_t function;
  uint32_t caller_inst;
  uint32_t loops; // rounds of may_goto that are left
  uint16_t caller_written, saved_mask;
  uint64_t saved[5];
  uint64_t stack_top; // r10
};

struct bpfcc_native_elements {
  BPFCC_NATIVE_SLOT const uint64_t *addresses;
};

// What code keeps in memory.
struct bpfcc_native_state {
  uint64_t left; // instructions that may still run
  BPFCC_NATIVE_SLOT struct bpfcc_native_frame *top;
  BPFCC_NATIVE_SLOT struct bpfcc_native_frame *last;
  uint64_t r[11]; // registers, on the way in and where the run stopped
  uint64_t saved_stack;
  BPFCC_NATIVE_SLOT const uint8_t *rights;
  uint64_t guest_end;
  uint64_t scratch;
  uint32_t inst;
  uint32_t status; // enum bpfcc_native_status
  uint64_t helper; // that call_helper is to run
  BPFCC_NATIVE_SLOT bpfcc_native_service call_helper; // r1 to r5 -> r0
  // r1 to r5 -> the code to go on at; 0: behind the call
  BPFCC_NATIVE_SLOT bpfcc_native_service tail_call;
  // offset and size -> the bytes of LD_ABS as a number; leaves if there are
  // none
  BPFCC_NATIVE_SLOT bpfcc_native_service load_packet;
  // number of a map and address of a key -> address of the value
  BPFCC_NATIVE_SLOT bpfcc_native_service lookup_in;
  BPFCC_NATIVE_SLOT void *owner;            // the host's
  BPFCC_NATIVE_SLOT const uint64_t *values; // of maps of one element, by map
  // By map: the addresses of an array's elements; null: the helper is called.
  BPFCC_NATIVE_SLOT const struct bpfcc_native_elements *arrays;
  BPFCC_NATIVE_SLOT uint32_t cpu; // what bpf_get_smp_processor_id gives
};

struct bpfcc_native_function {
  BPFCC_NATIVE_SLOT const char *name;
  BPFCC_NATIVE_SLOT const char *section;
  BPFCC_NATIVE_SLOT const void *call; // null: it has no native code
  BPFCC_NATIVE_SLOT const void *body; // where a tail call enters
  BPFCC_NATIVE_SLOT uint32_t is_program;
  // Bit n: it reads rn as it was given. Bit 0: it gives nothing back, so that
  // only other functions can call it.
  uint32_t required;
};

struct bpfcc_native_map {
  BPFCC_NATIVE_SLOT const char *name;
  BPFCC_NATIVE_SLOT uint32_t type;
  uint32_t key_size, value_size, max_entries, flags, reserved;
  BPFCC_NATIVE_SLOT const void
      *initial; // value of a data section; null: zeroes
};

enum bpfcc_native_pointer_kind {
  BPFCC_NATIVE_TO_VALUE,
  BPFCC_NATIVE_TO_MAP,
  BPFCC_NATIVE_TO_FUNCTION
};
// The value of `map` holds an address, at `offset`: that of a map's value, or
// what stands for a map or a function, plus `addend`.
struct bpfcc_native_pointer {
  uint32_t map, size;
  uint64_t offset;
  uint32_t kind, target;
  uint64_t addend;
};

// A call of a subprogram.
struct bpfcc_native_site {
  uint32_t callee, inst;
  uint16_t written, saved;
};

struct bpfcc_native {
  uint32_t abi; // BPFCC_NATIVE_ABI
  uint32_t big_endian;
  uint32_t num_functions, num_maps, num_pointers, num_sites;
  uint64_t object_size;
  uint64_t analysis; // for bpfcc: what it found out about the programs
  BPFCC_NATIVE_SLOT uint64_t (*enter)(struct bpfcc_native_state *,
                                      const void *code);
  BPFCC_NATIVE_SLOT const struct bpfcc_native_function *functions;
  BPFCC_NATIVE_SLOT const struct bpfcc_native_map *maps;
  BPFCC_NATIVE_SLOT const struct bpfcc_native_pointer *pointers;
  BPFCC_NATIVE_SLOT const struct bpfcc_native_site *sites;
  BPFCC_NATIVE_SLOT const void *object; // the BPF object that it was made from
  BPFCC_NATIVE_SLOT const char *license;
};

#endif
