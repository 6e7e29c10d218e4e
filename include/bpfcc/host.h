// A world of memory in which native code runs: inline functions for hosts in C
// and C++, which belong to no library.
//
//     void *file = dlopen("count.so", RTLD_NOW);
//     const struct bpfcc_native *native = dlsym(file, BPFCC_NATIVE_SYMBOL);
//     struct bpfcc_host host = {0};
//     if (bpfcc_host_open(&host, native, 1 << 24)) ...      // 16 MiB of memory
//     uint64_t r0, ctx = bpfcc_host_add(&host, bytes, size, BPFCC_HOST_READ);
//     if (bpfcc_host_run(&host, bpfcc_host_find(native, "count"), ctx, &r0))
//     ...
//
// Guest memory. Addresses of programs are numbers from 0 to the window's size;
// address g is at host.base + g. Beside it lies a byte of rights for each byte:
// bit 1, 2, 4 or 8 is set if a program may read so many bytes from there on,
// and the same four bits above them for writes. Code tests them before each
// access, so that no program can reach anything else. Numbers in guest memory
// are in the byte order of the program's object, and native.big_endian says
// which.
//
// Maps. Data sections (.data, .bss, .rodata) are maps of one element.
// bpfcc_host_open makes these and all arrays; lookups in them need no helper.
// Other maps are the host's: helpers get bpfcc_host_map_handle(n) for map n,
// and give addresses of guest memory.
//
// Faults. Where a program does what it may not (an access, a call of a helper
// that the host lacks, more instructions than the limit), the run stops with a
// status, at instruction state->inst of the function that bpfcc_host_where
// names. So does it at instructions that code is not made for: atomics of
// programs of the other byte order, and what exists in a kernel only.
#ifndef BPFCC_HOST_H
#define BPFCC_HOST_H

#include <bpfcc/native.h>

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MAP_ANONYMOUS
#error "define _DEFAULT_SOURCE, or compile with -std=gnu11"
#endif

enum bpfcc_host_rights { BPFCC_HOST_READ = 0x0f, BPFCC_HOST_WRITE = 0xf0 };

enum {
  BPFCC_HOST_FIRST = 1 << 16,  // the first address that bpfcc_host_add gives
  BPFCC_HOST_ARRAY = 2,        // BPF_MAP_TYPE_ARRAY
  BPFCC_HOST_READ_ONLY = 0x80, // BPF_F_RDONLY_PROG
  BPFCC_HOST_LOOKUP = 1,       // BPF_FUNC_map_lookup_elem
};

struct bpfcc_host;

// Runs a helper on r1 to r5 and gives r0. Not 0: the run ends with
// BPFCC_NATIVE_FAILED.
typedef int (*bpfcc_host_function)(struct bpfcc_host *, const uint64_t args[5],
                                   uint64_t *r0);

// One thread at a time uses a host. The first fields are the caller's to set,
// before or after bpfcc_host_open.
struct bpfcc_host {
  const bpfcc_host_function *helpers; // by number, as in enum bpf_func_id
  uint32_t num_helpers;
  // The function that prog array `map` holds at `index`; below 0 for none.
  int32_t (*tail)(struct bpfcc_host *, uint32_t map, uint32_t index);
  uint64_t limit;               // of instructions in one run; 0: 1 << 28
  uint64_t packet, packet_size; // for LD_ABS: address and size
  void *user;

  const struct bpfcc_native *native;
  struct bpfcc_native_state *state;
  uint8_t *base, *rights;
  uint64_t size, next;
  uint64_t *values;
  struct bpfcc_native_elements *arrays;
  uint32_t tail_calls;
  struct bpfcc_native_frame frames[BPFCC_NATIVE_FRAMES + 1];
};

static inline uint64_t bpfcc_host_map_handle(uint32_t map) {
  return BPFCC_NATIVE_MAP_BASE + (uint64_t)map * 4096;
}
// The number of the map that a helper got as `handle`; UINT32_MAX for none.
static inline uint32_t bpfcc_host_map_number(const struct bpfcc_host *h,
                                             uint64_t handle) {
  uint64_t n = (handle - BPFCC_NATIVE_MAP_BASE) / 4096;
  return n < h->native->num_maps && bpfcc_host_map_handle((uint32_t)n) == handle
             ? (uint32_t)n
             : UINT32_MAX;
}

static inline uint64_t bpfcc_host_round_up(uint64_t n, uint64_t to) {
  return (n + to - 1) / to * to;
}

// `size` bytes of guest memory, copied from `bytes` or zero if that is null,
// that programs may access by `rights` (enum bpfcc_host_rights, or both). Gives
// the address, a multiple of 16; 0 if the window is full.
static inline uint64_t bpfcc_host_add(struct bpfcc_host *h, const void *bytes,
                                      uint64_t size, unsigned rights) {
  uint64_t at = h->next, n;
  if (size > h->size || h->size - size < at)
    return 0;
  h->next = bpfcc_host_round_up(at + size + 16, 16);
  if (bytes)
    memcpy(h->base + at, bytes, (size_t)size);
  for (n = 0; n != size; ++n) {
    uint64_t left = size - n;
    unsigned sizes = left >= 8 ? 15 : left >= 4 ? 7 : left >= 2 ? 3 : 1;
    h->rights[at + n] = (uint8_t)((sizes | sizes << 4) & rights);
  }
  return at;
}

// The host's bytes of guest memory [guest, guest + size); null if a program may
// not read them.
static inline void *bpfcc_host_at(const struct bpfcc_host *h, uint64_t guest,
                                  uint64_t size) {
  uint64_t n;
  if (guest > h->size || size > h->size - guest)
    return NULL;
  for (n = 0; n != size; ++n)
    if (!(h->rights[guest + n] & 1))
      return NULL;
  return h->base + guest;
}

// Numbers of 1, 2, 4 or 8 bytes in the guest's byte order.
static inline uint64_t bpfcc_host_load(const struct bpfcc_host *h,
                                       uint64_t guest, unsigned size) {
  uint64_t value = 0;
  for (unsigned n = 0; n != size; ++n)
    value |= (uint64_t)h->base[guest + n]
             << 8 * (h->native->big_endian ? size - 1 - n : n);
  return value;
}
static inline void bpfcc_host_store(const struct bpfcc_host *h, uint64_t guest,
                                    unsigned size, uint64_t value) {
  for (unsigned n = 0; n != size; ++n)
    h->base[guest + n] =
        (uint8_t)(value >> 8 * (h->native->big_endian ? size - 1 - n : n));
}

// The program `name`; null if there is none.
static inline const struct bpfcc_native_function *
bpfcc_host_find(const struct bpfcc_native *native, const char *name) {
  for (uint32_t n = 0; n != native->num_functions; ++n)
    if (native->functions[n].is_program &&
        !strcmp(native->functions[n].name, name))
      return &native->functions[n];
  return NULL;
}

// The function in which a run stopped, at instruction state->inst; null if it
// never started.
static inline const struct bpfcc_native_function *
bpfcc_host_where(const struct bpfcc_host *h) {
  uint32_t f = h->state->top->function;
  if (h->state->top == h->frames)
    return NULL;
  if (f & BPFCC_NATIVE_IS_SITE)
    f = h->native->sites[f & ~BPFCC_NATIVE_IS_SITE].callee;
  return &h->native->functions[f];
}

// Calls function number `function` with up to 5 arguments: for helpers that
// call back, inside a run. Gives enum bpfcc_native_status.
static inline int bpfcc_host_call(struct bpfcc_host *h, uint32_t function,
                                  const uint64_t *args, unsigned count,
                                  uint64_t *r0) {
  const struct bpfcc_native *native = h->native;
  struct bpfcc_native_state *s = h->state;
  struct bpfcc_native_frame *outer = s->top;
  uint32_t given = ((1u << count) - 1) << 1;
  if (function >= native->num_functions || outer >= s->last ||
      !native->functions[function].call ||
      (native->functions[function].required & ~given))
    return BPFCC_NATIVE_FAILED;
  s->top = outer + 1;
  s->top->function = function;
  s->top->loops = BPFCC_NATIVE_LOOPS;
  memcpy(&s->r[1], args, count * sizeof *args);
  *r0 = native->enter(s, native->functions[function].call);
  int status = (int)s->status;
  if (status == BPFCC_NATIVE_RETURNED)
    s->top = outer;
  s->status = BPFCC_NATIVE_RETURNED;
  return status;
}

// Runs `program` with r1 = `ctx`, an address of guest memory, and puts what it
// returns into *r0. Gives enum bpfcc_native_status.
static inline int bpfcc_host_run(struct bpfcc_host *h,
                                 const struct bpfcc_native_function *program,
                                 uint64_t ctx, uint64_t *r0) {
  struct bpfcc_native_state *s = h->state;
  s->left = h->limit ? h->limit : 1u << 28;
  s->top = h->frames;
  s->last = h->frames + BPFCC_NATIVE_FRAMES;
  h->tail_calls = 0;
  if (!program)
    return BPFCC_NATIVE_FAILED;
  return bpfcc_host_call(h, (uint32_t)(program - h->native->functions), &ctx, 1,
                         r0);
}

static inline struct bpfcc_native_answer
bpfcc_host_fail_(struct bpfcc_native_state *s) {
  struct bpfcc_native_answer a = {0, 1};
  s->status = BPFCC_NATIVE_FAILED;
  return a;
}
static inline struct bpfcc_native_answer
bpfcc_host_helper_(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4,
                   uint64_t r5, struct bpfcc_native_state *s) {
  struct bpfcc_host *h = (struct bpfcc_host *)s->owner;
  struct bpfcc_native_answer a = {0, 0};
  uint64_t args[5] = {r1, r2, r3, r4, r5};
  uint32_t map = bpfcc_host_map_number(h, r1);
  if (s->helper == BPFCC_HOST_LOOKUP && map != UINT32_MAX &&
      h->arrays[map].addresses) {
    if (!bpfcc_host_at(h, r2, 4))
      return bpfcc_host_fail_(s);
    uint64_t index = bpfcc_host_load(h, r2, 4);
    if (index < h->native->maps[map].max_entries)
      a.value = h->arrays[map].addresses[index];
    return a;
  }
  if (s->helper >= h->num_helpers || !h->helpers[s->helper] ||
      h->helpers[s->helper](h, args, &a.value))
    return bpfcc_host_fail_(s);
  return a;
}
static inline struct bpfcc_native_answer
bpfcc_host_lookup_(uint64_t map, uint64_t key, uint64_t r3, uint64_t r4,
                   uint64_t r5, struct bpfcc_native_state *s) {
  s->helper = BPFCC_HOST_LOOKUP;
  return bpfcc_host_helper_(bpfcc_host_map_handle((uint32_t)map), key, r3, r4,
                            r5, s);
}
static inline struct bpfcc_native_answer
bpfcc_host_tail_(uint64_t r1, uint64_t r2, uint64_t r3, uint64_t r4,
                 uint64_t r5, struct bpfcc_native_state *s) {
  struct bpfcc_host *h = (struct bpfcc_host *)s->owner;
  struct bpfcc_native_answer a = {0, 0};
  uint32_t map = bpfcc_host_map_number(h, r2);
  int32_t to = -1;
  (void)r1, (void)r4, (void)r5;
  if (map == UINT32_MAX || !h->tail)
    return bpfcc_host_fail_(s);
  if (h->tail_calls < BPFCC_NATIVE_TAIL_CALLS)
    to = h->tail(h, map, (uint32_t)r3);
  if (to < 0)
    return a;
  ++h->tail_calls;
  if ((uint32_t)to >= h->native->num_functions ||
      !h->native->functions[to].body ||
      (h->native->functions[to].required & ~2u))
    return bpfcc_host_fail_(s);
  s->top->function = (uint32_t)to;
  s->top->loops = BPFCC_NATIVE_LOOPS;
  a.value = (uintptr_t)h->native->functions[to].body;
  return a;
}
static inline struct bpfcc_native_answer
bpfcc_host_packet_(uint64_t offset, uint64_t size, uint64_t r3, uint64_t r4,
                   uint64_t r5, struct bpfcc_native_state *s) {
  struct bpfcc_host *h = (struct bpfcc_host *)s->owner;
  struct bpfcc_native_answer a = {0, 1};
  (void)r3, (void)r4, (void)r5;
  if (offset > h->packet_size || size > h->packet_size - offset)
    return a;
  for (uint64_t n = 0; n != size; ++n)
    a.value = a.value << 8 | h->base[h->packet + offset + n];
  a.leave = 0;
  return a;
}

static inline uint64_t
bpfcc_host_target_(const struct bpfcc_host *h,
                   const struct bpfcc_native_pointer *p) {
  return p->kind == BPFCC_NATIVE_TO_VALUE ? h->values[p->target]
         : p->kind == BPFCC_NATIVE_TO_MAP
             ? bpfcc_host_map_handle(p->target)
             : BPFCC_NATIVE_FUNCTION_BASE + (uint64_t)p->target * 4096;
}

// Makes arrays and data sections; 0 if there is no room.
static inline int bpfcc_host_make_maps_(struct bpfcc_host *h) {
  const struct bpfcc_native *native = h->native;
  for (uint32_t n = 0; n != native->num_maps; ++n) {
    const struct bpfcc_native_map *m = &native->maps[n];
    if (m->type != BPFCC_HOST_ARRAY)
      continue;
    // The host's side of the table of elements needs no rights.
    uint64_t table = bpfcc_host_add(h, NULL, (uint64_t)m->max_entries * 8, 0);
    if (!table)
      return 0;
    uint64_t *addresses = (uint64_t *)(void *)(h->base + table);
    for (uint32_t i = 0; i != m->max_entries; ++i) {
      unsigned rights = BPFCC_HOST_READ;
      if (!(m->flags & BPFCC_HOST_READ_ONLY))
        rights |= BPFCC_HOST_WRITE;
      addresses[i] =
          bpfcc_host_add(h, i ? NULL : m->initial, m->value_size, rights);
      if (!addresses[i])
        return 0;
    }
    h->values[n] = addresses[0];
    h->arrays[n].addresses = addresses;
  }
  for (uint32_t n = 0; n != native->num_pointers; ++n) {
    const struct bpfcc_native_pointer *p = &native->pointers[n];
    bpfcc_host_store(h, h->values[p->map] + p->offset, p->size,
                     bpfcc_host_target_(h, p) + p->addend);
  }
  return 1;
}

// Gives the memory back; what bpfcc_host_open has given ends.
static inline void bpfcc_host_close(struct bpfcc_host *h) {
  if (h->base)
    munmap(h->base - BPFCC_NATIVE_MARGIN,
           (size_t)(2 * (h->size + 2 * BPFCC_NATIVE_MARGIN)));
  h->base = NULL;
}

// Makes a world of `size` bytes of guest memory (at most 1 GiB; pages that
// nobody touches cost nothing) for the programs of `native`. 0: done; -1: this
// header does not fit the code; -2: there is no room.
static inline int bpfcc_host_open(struct bpfcc_host *h,
                                  const struct bpfcc_native *native,
                                  uint64_t size) {
  if (!native || native->abi != BPFCC_NATIVE_ABI)
    return -1;
  size = bpfcc_host_round_up(size, 4096);
  if (size > 1u << 30)
    return -2;
  uint64_t mapped = 2 * (size + 2 * BPFCC_NATIVE_MARGIN);
  void *at = mmap(NULL, (size_t)mapped, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED)
    return -2;
  h->native = native;
  h->size = size;
  h->next = BPFCC_HOST_FIRST;
  h->base = (uint8_t *)at + BPFCC_NATIVE_MARGIN;
  h->rights = h->base + size + 2 * BPFCC_NATIVE_MARGIN;
  h->state =
      (struct bpfcc_native_state *)(void *)(h->base - BPFCC_NATIVE_WORKSPACE);
  h->state->rights = h->rights;
  h->state->guest_end = size;
  h->state->call_helper = bpfcc_host_helper_;
  h->state->tail_call = bpfcc_host_tail_;
  h->state->load_packet = bpfcc_host_packet_;
  h->state->lookup_in = bpfcc_host_lookup_;
  h->state->owner = h;
  uint64_t tables = bpfcc_host_add(h, NULL, (uint64_t)native->num_maps * 16, 0);
  if (tables) {
    h->values = (uint64_t *)(void *)(h->base + tables);
    h->arrays =
        (struct bpfcc_native_elements *)(void *)(h->values + native->num_maps);
    h->state->values = h->values;
    h->state->arrays = h->arrays;
  }
  int good = tables && bpfcc_host_make_maps_(h);
  for (unsigned n = 1; n <= BPFCC_NATIVE_FRAMES; ++n) {
    uint64_t stack = bpfcc_host_add(h, NULL, BPFCC_NATIVE_STACK,
                                    BPFCC_HOST_READ | BPFCC_HOST_WRITE);
    good = good && stack;
    h->frames[n].stack_top = stack + BPFCC_NATIVE_STACK;
  }
  if (!good)
    bpfcc_host_close(h);
  return good ? 0 : -2;
}

#endif
