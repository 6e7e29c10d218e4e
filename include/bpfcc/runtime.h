/* Runs BPF programs in user space, inside another program.
 *
 *     bpfcc_error *error = NULL;
 *     bpfcc_object *object = bpfcc_object_open("firewall.o", NULL, &error);
 *     bpfcc_instance *world = bpfcc_object_load(object, NULL, &error);
 *     bpfcc_program *xdp = bpfcc_find_program(world, "firewall", &error);
 *     bpfcc_result result = {.size = sizeof result};
 *     if (bpfcc_program_run(xdp, packet, packet_size, &result, &error))
 *       fprintf(stderr, "%s", bpfcc_error_text(error));
 *     else if (result.r0 == XDP_DROP)
 *       ...
 *
 * An object is what a file holds. An instance is a world of its own: the maps
 * of an object, memory, a clock, and the programs, ready to run. Every memory
 * access, call and jump of a program is checked, so that programs of strangers
 * can be run; what they do wrong is an error that says where. Accesses of
 * programs for packets that a kernel's verifier would accept, whatever their
 * constants are, are right, and need no checks.
 *
 * ERRORS. A function that can fail takes `bpfcc_error **error` last, which may
 * be NULL. On failure it gives NULL or a negative errno value and, if error is
 * not NULL, sets *error, to be freed with bpfcc_error_free. On success it
 * leaves *error alone. Where there is no memory left for the library itself, it
 * ends the process, as C++ does.
 *
 * THREADS. The library has no state of its own. An object may be used by
 * several threads at once. An instance, with its programs and maps, is for one
 * thread at a time; different instances, of one object too and of one world
 * (bpfcc_instance_share), may be used by different threads at once. With
 * BPFCC_ENGINE_BEST a thread of the library may compile what runs long; it ends
 * with the instance.
 *
 * BYTES. Keys, values and contexts are in the byte order of the object, as
 * programs see them. Strings are UTF-8 as they stand in the object, end in 0,
 * and live as long as what they were asked of.
 *
 * VERSIONS. Structures begin with their size in bytes, which the caller sets:
 * later versions add fields at the end. Fields that are 0 mean the default.
 */
#ifndef BPFCC_RUNTIME_H
#define BPFCC_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

typedef struct bpfcc_error bpfcc_error;
typedef struct bpfcc_object bpfcc_object;
typedef struct bpfcc_instance bpfcc_instance;
typedef struct bpfcc_program bpfcc_program;
typedef struct bpfcc_map bpfcc_map;
typedef struct bpfcc_helper_call bpfcc_helper_call;

/* The version of the library: `0.1.0`. */
const char *bpfcc_version(void);

/* -- Errors --------------------------------------------------------------- */

/* All of it as bpfcc prints it, on one or more lines:
 * `x.c:7: error: in `third`: cannot read ... [BPF0801]`. */
const char *bpfcc_error_text(const bpfcc_error *error);
/* What went wrong, without place and code. */
const char *bpfcc_error_message(const bpfcc_error *error);
/* The number of its kind: 801 for BPF0801. */
unsigned bpfcc_error_code(const bpfcc_error *error);
/* The negative errno value that the function gave or stands for. */
int bpfcc_error_errno(const bpfcc_error *error);
/* The file and the line, from 1 on, that it is about; NULL and 0 if unknown. Of
 * a program's fault: its C source, if the object says so (-g). */
const char *bpfcc_error_file(const bpfcc_error *error);
unsigned bpfcc_error_line(const bpfcc_error *error);

/* Of a fault of a program, which bpfcc_program_run gives; else NULL or 0. The
 * function that failed; the number of its instruction, in slots of 8 bytes from
 * the function's start; the instruction as text; and what was wrong with it,
 * with what it touched: `cannot read 1 byte at packet offset 2, the packet has
 * 1 bytes`. */
const char *bpfcc_error_function(const bpfcc_error *error);
uint32_t bpfcc_error_pc(const bpfcc_error *error);
const char *bpfcc_error_instruction(const bpfcc_error *error);
const char *bpfcc_error_fault(const bpfcc_error *error);

/* Does nothing with NULL. */
void bpfcc_error_free(bpfcc_error *error);

/* -- Objects -------------------------------------------------------------- */

typedef struct bpfcc_open_options {
  size_t size;
  /* What `extern ... __kconfig` variables hold: `CONFIG_HZ=250`, with y, n, m,
   * a number or a string. */
  const char *const *kconfig;
  size_t num_kconfig;
  /* LINUX_KERNEL_VERSION: major << 16 | minor << 8 | patch; default 6.12.0. */
  uint32_t kernel_version;
} bpfcc_open_options;

/* Reads a BPF object (ELF for EM_BPF, of any compiler and byte order) from a
 * file. options may be NULL. -ENOENT, -EACCES, ... for the file; -EINVAL for
 * what is in it. */
bpfcc_object *bpfcc_object_open(const char *path,
                                const bpfcc_open_options *options,
                                bpfcc_error **error);
/* The same of size bytes at data, which are not needed afterwards. name, which
 * may be NULL, stands for the file in errors. */
bpfcc_object *bpfcc_object_open_memory(const void *data, size_t size,
                                       const char *name,
                                       const bpfcc_open_options *options,
                                       bpfcc_error **error);
/* Instances go on without it. Does nothing with NULL. */
void bpfcc_object_free(bpfcc_object *object);

/* Whether programs see numbers with their most significant byte first. */
int bpfcc_object_is_big_endian(const bpfcc_object *object);

/* The programs, from 0 on, and the ELF section that says what each is attached
 * to: `xdp`, `tc`, `tp/syscalls/sys_enter_openat`. NULL outside. */
size_t bpfcc_object_num_programs(const bpfcc_object *object);
const char *bpfcc_object_program_name(const bpfcc_object *object, size_t n);
const char *bpfcc_object_program_section(const bpfcc_object *object, size_t n);

typedef struct bpfcc_map_info {
  size_t size;
  const char *name;      /* of data sections: `.bss`, `.rodata.str` */
  uint32_t type;         /* enum bpf_map_type of <linux/bpf.h> */
  const char *type_name; /* `HASH` for BPF_MAP_TYPE_HASH */
  uint32_t key_size;     /* bytes; 0 for queues and the like */
  uint32_t value_size;   /* bytes, as programs see it */
  uint32_t max_entries;
  uint32_t flags;      /* BPF_F_* */
  size_t user_size;    /* bytes of a value for bpfcc_map_lookup; of an object's
                          map 0 */
  uint32_t num_values; /* how many processors' values that are; else 1 */
} bpfcc_map_info;

/* The maps, from 0 on, as the object declares them. -EINVAL outside. */
size_t bpfcc_object_num_maps(const bpfcc_object *object);
int bpfcc_object_map(const bpfcc_object *object, size_t n,
                     bpfcc_map_info *info);

typedef struct bpfcc_verdict {
  size_t size;
  uint64_t instructions; /* that were followed, on all paths */
  uint64_t states;       /* that were kept */
  uint32_t stack;        /* bytes, of the program and the functions it calls */
} bpfcc_verdict;

/* Says what the verifier of a Linux kernel (major << 16 | minor << 8; 0: 6.12)
 * would say of program n. 0: the program would load. -EACCES: it would not;
 * the error says why, at a line of C. -ENOTSUP: that rests on what is not known
 * here, such as the kernel's own types. -EINVAL: there is no such program or
 * kernel. verdict may be NULL. */
int bpfcc_object_verify(const bpfcc_object *object, size_t n, uint32_t kernel,
                        bpfcc_verdict *verdict, bpfcc_error **error);

/* -- Helpers of the host -------------------------------------------------- */

/* A function that programs call. args[0] to args[num_args - 1] are r1 and so
 * on, 0 where the program wrote nothing; the result is r0. It must not free
 * the instance, nor leave by longjmp or a C++ exception. */
typedef uint64_t (*bpfcc_helper_function)(bpfcc_helper_call *call,
                                          const uint64_t *args, void *user);

typedef struct bpfcc_host_helper {
  /* Called by this number, `(void *)1000` in C, in place of the kernel's helper
   * of that number if there is one; 0: by name alone. */
  uint32_t number;
  /* Called by this name, `extern ... __ksym` in C. Errors use it too. */
  const char *name;
  /* 0 to 5; functions of a program that may not have written all of these
   * registers are interpreted. */
  unsigned num_args;
  bpfcc_helper_function function;
  void *user;
} bpfcc_host_helper;

/* For use by a helper, while it runs. */

/* The size bytes that the program knows as address. NULL if it may not read or,
 * for write, write all of them itself, and for a size of 0. */
void *bpfcc_call_memory(bpfcc_helper_call *call, uint64_t address, size_t size,
                        int write);
/* The map that a program passes by its address; NULL if that is none. */
bpfcc_map *bpfcc_call_map(bpfcc_helper_call *call, uint64_t address);
/* Calls the function of the program that it passes by its address, with up to 5
 * arguments. 0 and *r0; or a negative value, after which the helper should
 * return: the run ends with the fault of that function. */
int bpfcc_call_back(bpfcc_helper_call *call, uint64_t function,
                    const uint64_t *args, size_t num_args, uint64_t *r0);
/* Ends the run, once the helper returns, with the error message. */
void bpfcc_call_fail(bpfcc_helper_call *call, const char *message);
/* The instance whose program calls. */
bpfcc_instance *bpfcc_call_instance(bpfcc_helper_call *call);

/* -- Instances ------------------------------------------------------------ */

typedef enum bpfcc_engine {
  BPFCC_ENGINE_BEST = 0, /* compiled at once, and well what runs long */
  BPFCC_ENGINE_OFF,      /* interpreted */
  BPFCC_ENGINE_TEMPLATE, /* compiled in microseconds */
  BPFCC_ENGINE_LLVM      /* compiled by LLVM in milliseconds, runs fastest */
} bpfcc_engine;

/* What was sent by a ring buffer or a perf event array, map. data does not
 * outlive the call. */
typedef void (*bpfcc_record_function)(bpfcc_map *map, const void *data,
                                      size_t size, void *user);
/* A line that bpf_trace_printk or bpf_printk made, without its end. */
typedef void (*bpfcc_trace_function)(const char *line, void *user);

typedef struct bpfcc_options {
  size_t size;
  uint32_t engine; /* a bpfcc_engine */
  /* How many processors programs and per-CPU maps see; default 4, at most 512.
   */
  uint32_t cpus;
  /* A run is ended after so many instructions; default 2^28. */
  uint64_t max_insns;
  /* Where bpf_get_prandom_u32 starts. */
  uint64_t seed;
  /* Nanoseconds since boot at the start. The clock moves on by a step for each
   * question, so that runs can be repeated. */
  uint64_t time;
  /* Not 0: programs see the host's clocks instead. */
  int host_clock;
  const bpfcc_host_helper *helpers;
  size_t num_helpers;
  /* Called after each run, for each record in its order, if not NULL. */
  bpfcc_record_function record;
  void *record_user;
  /* Called during runs, if not NULL. */
  bpfcc_trace_function trace;
  void *trace_user;
} bpfcc_options;

/* Makes the maps of object, with their first values, and the code of its
 * programs. options may be NULL. -EINVAL for maps that the kernel would refuse
 * and for options that mean nothing; -ENOMEM if the address space of the
 * process has no room (a window of up to 64 GiB is reserved for the memory of
 * programs, and less where that is refused); -ENOTSUP if the engine does not
 * know this machine. */
bpfcc_instance *bpfcc_object_load(const bpfcc_object *object,
                                  const bpfcc_options *options,
                                  bpfcc_error **error);
/* The same world once more, for another thread: a thread may run programs of
 * the one while other threads run programs of the others. They share maps,
 * memory, objects and timers; each has its own processor, clock, random
 * numbers, interface, programs and handles of maps, and calls helpers and
 * functions of the host, which must bear that, in the thread that runs it. No
 * program of instance may run meanwhile. Its options, functions and their user
 * pointers are those of instance; either may be freed first. Two instances on
 * one processor share the values of per-CPU maps, which no kernel lets happen.
 * -EAGAIN if there are 256 of this world, -EINVAL for a processor that does not
 * exist. */
bpfcc_instance *bpfcc_instance_share(bpfcc_instance *instance, uint32_t cpu,
                                     bpfcc_error **error);
/* Frees it with its programs and maps. Does nothing with NULL. */
void bpfcc_instance_free(bpfcc_instance *instance);

/* What the next runs see: the processor that they are on (default 0), the
 * interface that packets came in by (default 1), nanoseconds since boot.
 * -EINVAL for a processor that does not exist. */
int bpfcc_set_cpu(bpfcc_instance *instance, uint32_t cpu, bpfcc_error **error);
void bpfcc_set_ifindex(bpfcc_instance *instance, uint32_t ifindex);
void bpfcc_set_time(bpfcc_instance *instance, uint64_t nanoseconds);
/* Lets time pass until nanoseconds since boot and runs the callbacks of the
 * timers (bpf_timer_start) that expire till then, in their order, each with the
 * clock at its time. With the host's clock, time passes by itself: those that
 * have expired run. Of the instances of a world, any may do it for all timers.
 * -EFAULT for what a callback did wrong, -EBUSY from inside a run. */
int bpfcc_pass_time(bpfcc_instance *instance, uint64_t nanoseconds,
                    bpfcc_error **error);

/* -- Programs ------------------------------------------------------------- */

/* The program of that name; for NULL, the only one. It belongs to the instance.
 * -ENOENT, with the names that there are. */
bpfcc_program *bpfcc_find_program(bpfcc_instance *instance, const char *name,
                                  bpfcc_error **error);
const char *bpfcc_program_name(const bpfcc_program *program);
/* Its ELF section. */
const char *bpfcc_program_section(const bpfcc_program *program);
/* Whether it runs on packets: XDP, tc, socket filter, cgroup skb. */
int bpfcc_program_takes_packets(const bpfcc_program *program);
/* How many bytes the context of another program has by default. */
size_t bpfcc_program_context_size(const bpfcc_program *program);

#define BPFCC_NOT_REDIRECTED UINT32_MAX

typedef struct bpfcc_result {
  size_t size;
  uint64_t r0;           /* XDP_DROP, TC_ACT_OK, ... are its low 32 bits */
  uint64_t instructions; /* that were executed */
  /* The packet or the context as the program left it, and what it put before
   * the packet by bpf_xdp_adjust_meta. Until the next run on the instance. */
  const void *data;
  size_t data_size;
  const void *metadata;
  size_t metadata_size;
  /* Where bpf_redirect or bpf_redirect_map sends the packet: an interface; or,
   * if redirect_map is not NULL, a slot of that map. */
  uint32_t redirect;
  bpfcc_map *redirect_map;
} bpfcc_result;

/* Runs program on a packet, an Ethernet frame of up to 65535 bytes, or on a
 * context of up to 1 MiB (size 0: zeroes of the default size). The bytes at
 * data are copied. result may be NULL. Gives 0; -EFAULT for what the program
 * did wrong, see bpfcc_error_function; -EINVAL for a packet that is too large;
 * -EBUSY from inside a run on the same instance. */
int bpfcc_program_run(bpfcc_program *program, const void *data, size_t size,
                      bpfcc_result *result, bpfcc_error **error);

/* Writes the name of what r0 says to the kernel, `XDP_DROP`, into buffer, cut
 * to size - 1 bytes. Gives its length. */
size_t bpfcc_verdict_name(const bpfcc_program *program, uint64_t r0,
                          char *buffer, size_t size);

/* -- Maps ----------------------------------------------------------------- */

/* The map of that name. It belongs to the instance. -ENOENT, with the names
 * that there are. */
bpfcc_map *bpfcc_find_map(bpfcc_instance *instance, const char *name,
                          bpfcc_error **error);
/* -EINVAL if info->size is too small. */
int bpfcc_map_info_of(const bpfcc_map *map, bpfcc_map_info *info);

/* What bpf(2) does with elements, with its errors: -ENOENT, -EEXIST, -E2BIG,
 * ...; -EINVAL for a key or a value of another size than the map has;
 * -EOPNOTSUPP for what this type of map cannot do. A value of a per-CPU map is
 * those of all processors one after the other, each in a multiple of 8 bytes:
 * num_values * value_size rounded up, which is user_size of bpfcc_map_info.
 * Arrays have no elements to delete. A queue or stack has no keys (NULL, 0):
 * lookup reads the element that is next, update adds one, take takes one. */
int bpfcc_map_lookup(bpfcc_map *map, const void *key, size_t key_size,
                     void *value, size_t value_size, bpfcc_error **error);
/* flags: BPF_ANY (0), BPF_NOEXIST (1), BPF_EXIST (2). */
int bpfcc_map_update(bpfcc_map *map, const void *key, size_t key_size,
                     const void *value, size_t value_size, uint64_t flags,
                     bpfcc_error **error);
int bpfcc_map_delete(bpfcc_map *map, const void *key, size_t key_size,
                     bpfcc_error **error);
/* Lookup and delete in one. */
int bpfcc_map_take(bpfcc_map *map, const void *key, size_t key_size,
                   void *value, size_t value_size, bpfcc_error **error);
/* Writes the key behind key to next, both of key_size bytes; the first for
 * key == NULL. -ENOENT behind the last. The order is stable while the map does
 * not change. */
int bpfcc_map_next_key(bpfcc_map *map, const void *key, void *next,
                       size_t key_size, bpfcc_error **error);
/* Puts program, of the same world, into slot index of a program array. */
int bpfcc_map_set_program(bpfcc_map *map, uint32_t index,
                          const bpfcc_program *program, bpfcc_error **error);

/* The memory of a global variable, with its size if that is not NULL. It may be
 * changed between runs, `const volatile` ones too, and lives as long as the
 * instance. -ENOENT. */
void *bpfcc_find_variable(bpfcc_instance *instance, const char *name,
                          size_t *size, bpfcc_error **error);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
