// What a test and the program that runs compiled code on another machine send
// each other: the test "load" and "run", the program "service" for each call of
// a helper, which the test answers, and "done".
#ifndef BPFCC_TEST_RUNTIME_JIT_REMOTE_WIRE_H
#define BPFCC_TEST_RUNTIME_JIT_REMOTE_WIRE_H

#include "include/bpfcc/native.h"

/// Each message starts with one.
enum WireKind {
  WireLoad,
  WireUnload,
  WireRun,
  WireAnswer,
  WireService,
  WireDone
};
enum WireWhich { WireHelper, WireTail, WirePacket, WireLookup };

/// Followed by the bytes of a shared object, or of code for any address.
struct WireLoadMessage {
  uint64_t Size, IsShared;
};
/// Followed by WireFunction and bpfcc_native_site, as many as it says.
struct WireLoaded {
  uint64_t Handle, Enter, Functions, Sites;
};
struct WireFunction {
  uint64_t Call, Body;
};
/// Followed by the world.
struct WireRunMessage {
  uint64_t Enter, Code;
};
/// Followed by the world, and in both directions.
struct WireServiceMessage {
  uint64_t Which, Args[5];
};

/// Registers and frames. To the program, followed by: for each map the address
/// of its value, and the number and the addresses of its elements; regions,
/// each with its bytes and its rights. From it, followed by the bytes of the
/// regions.
struct WireWorld {
  struct bpfcc_native_state State; // its pointers mean nothing
  struct bpfcc_native_frame Frames[BPFCC_NATIVE_FRAMES + 1];
  uint64_t Top; // number of the innermost frame
  uint64_t Maps, Regions;
};
struct WireRegion {
  uint64_t Guest, Size;
};

#endif
