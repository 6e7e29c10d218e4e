// Runs compiled code on another machine for test/runtime/jit/remote: takes
// messages from standard input until it ends, and sends its own to standard
// output.

#define _GNU_SOURCE
#include "Wire.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MaxRegions = 1024, MaxMaps = 64 };
/// Tests touch nothing behind that.
static const uint64_t LargestWindow = (1ull << 32) + (64ull << 20);

static uint8_t *Base, *Rights;
static uint64_t Window;
static struct bpfcc_native_frame Frames[BPFCC_NATIVE_FRAMES + 1];
static struct WireRegion Regions[MaxRegions];
static uint64_t NumRegions;
static uint64_t Values[MaxMaps];
static struct bpfcc_native_elements Arrays[MaxMaps];

static void quit(const char *Why) {
  fprintf(stderr, "host: %s\n", Why);
  exit(1);
}
static void input(void *To, uint64_t Size) {
  if (Size && fread(To, 1, (size_t)Size, stdin) != Size)
    exit(0);
}
static void output(const void *From, uint64_t Size) {
  if (fwrite(From, 1, (size_t)Size, stdout) != Size)
    exit(0);
}
static uint8_t *reserve(uint64_t Size) {
  void *At = mmap(NULL, (size_t)Size, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (At == MAP_FAILED)
    quit("no memory");
  return At;
}

static struct bpfcc_native_state *state(void) {
  return (struct bpfcc_native_state *)(void *)(Base - BPFCC_NATIVE_WORKSPACE);
}

static struct bpfcc_native_answer service(enum WireWhich Which, uint64_t A,
                                          uint64_t B, uint64_t C, uint64_t D,
                                          uint64_t E);
#define SERVICE(Name, Which)                                                   \
  static struct bpfcc_native_answer Name(uint64_t A, uint64_t B, uint64_t C,   \
                                         uint64_t D, uint64_t E,               \
                                         struct bpfcc_native_state *S) {       \
    if (S != state())                                                          \
      quit("a service got another state");                                     \
    return service(Which, A, B, C, D, E);                                      \
  }
SERVICE(helper, WireHelper)
SERVICE(tail, WireTail)
SERVICE(packet, WirePacket)
SERVICE(lookup, WireLookup)

static void takeWorld(void) {
  static struct WireWorld W;
  input(&W, sizeof W);
  if (!Base) {
    Window =
        W.State.guest_end < LargestWindow ? W.State.guest_end : LargestWindow;
    Base = reserve(Window + 2 * BPFCC_NATIVE_MARGIN) + BPFCC_NATIVE_MARGIN;
    Rights = reserve(Window + 2 * BPFCC_NATIVE_MARGIN) + BPFCC_NATIVE_MARGIN;
  }
  for (uint64_t N = 0; N != NumRegions; ++N)
    memset(Rights + Regions[N].Guest, 0, (size_t)Regions[N].Size);
  if (W.Maps > MaxMaps || W.Regions > MaxRegions)
    quit("too many maps or regions");
  input(Values, W.Maps * sizeof *Values);
  for (uint64_t N = 0; N != W.Maps; ++N) {
    uint64_t Count;
    input(&Count, sizeof Count);
    free((void *)Arrays[N].addresses);
    uint64_t *Addresses = Count ? malloc((size_t)Count * 8) : NULL;
    input(Addresses, Count * 8);
    Arrays[N].addresses = Addresses;
  }
  NumRegions = W.Regions;
  for (uint64_t N = 0; N != NumRegions; ++N) {
    struct WireRegion *R = &Regions[N];
    input(R, sizeof *R);
    if (R->Guest + R->Size > Window)
      quit("a region lies outside the window");
    input(Base + R->Guest, R->Size);
    input(Rights + R->Guest, R->Size);
  }
  memcpy(Frames, W.Frames, sizeof Frames);
  struct bpfcc_native_state *S = state();
  *S = W.State;
  S->top = Frames + W.Top;
  S->last = Frames + BPFCC_NATIVE_FRAMES;
  S->rights = Rights;
  S->guest_end = Window;
  S->call_helper = helper;
  S->tail_call = tail;
  S->load_packet = packet;
  S->lookup_in = lookup;
  S->values = Values;
  S->arrays = Arrays;
}

static void giveWorld(void) {
  static struct WireWorld W;
  W.State = *state();
  memcpy(W.Frames, Frames, sizeof Frames);
  W.Top = (uint64_t)(state()->top - Frames);
  output(&W, sizeof W);
  for (uint64_t N = 0; N != NumRegions; ++N)
    output(Base + Regions[N].Guest, Regions[N].Size);
  fflush(stdout);
}

/// The name of a file that is open belongs to no other.
struct Loaded {
  void *Handle;
  int Fd;
};

static void unload(void) {
  uint64_t Handle;
  input(&Handle, sizeof Handle);
  struct Loaded *Kept = (struct Loaded *)(uintptr_t)Handle;
  dlclose(Kept->Handle);
  close(Kept->Fd);
  free(Kept);
}

static void load(void) {
  struct WireLoadMessage Q;
  input(&Q, sizeof Q);
  struct WireLoaded L = {0};
  if (!Q.IsShared) {
    uint8_t *Code = reserve(Q.Size);
    input(Code, Q.Size);
    __builtin___clear_cache((char *)Code, (char *)Code + Q.Size);
    mprotect(Code, (size_t)Q.Size, PROT_READ | PROT_EXEC);
    L.Enter = (uintptr_t)Code;
    output(&L, sizeof L);
    fflush(stdout);
    return;
  }
  uint8_t *Bytes = malloc((size_t)Q.Size);
  input(Bytes, Q.Size);
  int Fd = memfd_create("code", 0);
  char Path[64];
  snprintf(Path, sizeof Path, "/proc/self/fd/%d", Fd);
  if (Fd < 0 || write(Fd, Bytes, (size_t)Q.Size) != (ssize_t)Q.Size)
    quit("no file for code");
  void *Handle = dlopen(Path, RTLD_NOW);
  if (!Handle)
    quit(dlerror());
  free(Bytes);
  const struct bpfcc_native *Native = dlsym(Handle, BPFCC_NATIVE_SYMBOL);
  if (!Native || Native->abi != BPFCC_NATIVE_ABI)
    quit("no native code");
  struct Loaded *Kept = malloc(sizeof *Kept);
  *Kept = (struct Loaded){Handle, Fd};
  L.Handle = (uintptr_t)Kept;
  L.Enter = (uintptr_t)Native->enter;
  L.Functions = Native->num_functions;
  L.Sites = Native->num_sites;
  output(&L, sizeof L);
  for (uint64_t N = 0; N != L.Functions; ++N) {
    struct WireFunction F = {(uintptr_t)Native->functions[N].call,
                             (uintptr_t)Native->functions[N].body};
    output(&F, sizeof F);
  }
  output(Native->sites, L.Sites * sizeof *Native->sites);
  fflush(stdout);
}

static void run(void) {
  struct WireRunMessage Q;
  input(&Q, sizeof Q);
  takeWorld();
  uint64_t (*Enter)(struct bpfcc_native_state *, const void *) = (uint64_t (*)(
      struct bpfcc_native_state *, const void *))(uintptr_t)Q.Enter;
  uint64_t R0 = Enter(state(), (const void *)(uintptr_t)Q.Code);
  uint64_t Kind = WireDone;
  output(&Kind, sizeof Kind);
  output(&R0, sizeof R0);
  giveWorld();
}

/// Does what it is told to until an answer comes.
static struct bpfcc_native_answer serve(void) {
  for (;;) {
    uint64_t Kind;
    struct bpfcc_native_answer A;
    input(&Kind, sizeof Kind);
    switch (Kind) {
    case WireLoad:
      load();
      break;
    case WireUnload:
      unload();
      break;
    case WireRun:
      run();
      break;
    case WireAnswer:
      input(&A, sizeof A);
      takeWorld();
      return A;
    default:
      quit("unknown message");
    }
  }
}

static struct bpfcc_native_answer service(enum WireWhich Which, uint64_t A,
                                          uint64_t B, uint64_t C, uint64_t D,
                                          uint64_t E) {
  uint64_t Kind = WireService;
  struct WireServiceMessage M = {Which, {A, B, C, D, E}};
  output(&Kind, sizeof Kind);
  output(&M, sizeof M);
  giveWorld();
  return serve();
}

int main(void) { serve(); }
