// What the test and the program that runs compiled code on an emulated AArch64
// send each other. Plain C: the latter is built without any library.
#ifndef BPFCC_TEST_RUNTIME_JIT_ARM64_WIRE_H
#define BPFCC_TEST_RUNTIME_JIT_ARM64_WIRE_H

enum { WireFrames = 9, WireFrameSize = 64, WireWorkspace = 4096 };
enum { WireMargin = 1 << 16 };
#define WIRE_GUEST_END ((1ull << 32) + (64ull << 20))

/// jit::State, field by field.
struct WireState {
  unsigned long Left, Top, Last;
  unsigned long R[11];
  unsigned long SavedStack, Rights, GuestEnd, Scratch;
  unsigned int Inst, Status;
  unsigned long Helper;
  unsigned long CallHelper, TailCall, LoadPacket, LookupIn, Owner;
  unsigned long Values, Arrays, Cpu;
};

/// Followed by the code and the regions, each with its bytes and its rights.
struct WireRequest {
  unsigned long CodeSize, Enter, Func, Regions;
  unsigned long Time;         ///< Environment::BootNanoseconds
  unsigned long PacketBuffer; ///< guest address; 0: no packet
  long PacketStart, PacketEnd, NetworkOffset, LinkOffset;
  unsigned long Top; ///< number of the innermost frame
  struct WireState State;
  unsigned char Frames[WireFrames * WireFrameSize];
};
struct WireRegion {
  unsigned long Guest, Size;
};

/// Followed by the bytes of all regions.
struct WireAnswer {
  unsigned long R0, Time, Top;
  struct WireState State;
  unsigned char Frames[WireFrames * WireFrameSize];
};

#endif
