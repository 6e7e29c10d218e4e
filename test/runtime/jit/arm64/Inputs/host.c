// Runs compiled code on AArch64 for test/runtime/jit/arm64: reads requests from
// standard input until it ends and writes answers to standard output. Services
// that it has not are left to the interpreter: it gives back the instruction
// that was charged and the arguments as they were.

#include "Wire.h"

typedef unsigned long Word;
typedef unsigned char Byte;

static long call(long Number, Word A, Word B, Word C, Word D, Word E, Word F) {
  register long X8 __asm__("x8") = Number;
  register Word X0 __asm__("x0") = A, X1 __asm__("x1") = B;
  register Word X2 __asm__("x2") = C, X3 __asm__("x3") = D;
  register Word X4 __asm__("x4") = E, X5 __asm__("x5") = F;
  __asm__ volatile("svc 0"
                   : "+r"(X0)
                   : "r"(X8), "r"(X1), "r"(X2), "r"(X3), "r"(X4), "r"(X5)
                   : "memory");
  return (long)X0;
}
static _Noreturn void quit(int Status) {
  for (;;)
    call(94, (Word)Status, 0, 0, 0, 0, 0);
}
static void *map(Word Size) {
  long At = call(222, 0, Size, 3, 0x4022, (Word)-1, 0); // private, no reserve
  if (At < 0)
    quit(2);
  return (void *)At;
}
static void input(void *To, Word Size) {
  for (Byte *At = To; Size;) {
    long Got = call(63, 0, (Word)At, Size, 0, 0, 0);
    if (Got <= 0)
      quit(Got < 0);
    At += Got;
    Size -= (Word)Got;
  }
}
static void output(const void *From, Word Size) {
  for (const Byte *At = From; Size;) {
    long Done = call(64, 1, (Word)At, Size, 0, 0, 0);
    if (Done <= 0)
      quit(1);
    At += Done;
    Size -= (Word)Done;
  }
}
void *memcpy(void *To, const void *From, Word Size) {
  for (Word N = 0; N != Size; ++N)
    ((volatile Byte *)To)[N] = ((const Byte *)From)[N];
  return To;
}
void *memset(void *To, int V, Word Size) {
  for (Word N = 0; N != Size; ++N)
    ((volatile Byte *)To)[N] = (Byte)V;
  return To;
}

struct Answer {
  Word Value, Leave;
};
static struct WireRequest Request;
static struct WireAnswer Reply;
static Word Arguments[5];
static int Refused;
static Byte *Base;

static struct Answer refuse(Word A, Word B, Word C, Word D, Word E,
                            struct WireState *S) {
  Word Given[5] = {A, B, C, D, E};
  memcpy(Arguments, Given, sizeof Given);
  Refused = 1;
  S->Left += 1;
  S->Status = 1;
  return (struct Answer){0, 1};
}
static struct Answer helper(Word A, Word B, Word C, Word D, Word E,
                            struct WireState *S) {
  if (S->Helper != 5) // bpf_ktime_get_ns
    return refuse(A, B, C, D, E, S);
  Request.Time += 1000;
  return (struct Answer){Request.Time - 1000, 0};
}
static struct Answer packet(Word Offset, Word Size, Word C, Word D, Word E,
                            struct WireState *S) {
  // The bases of <linux/filter.h> that Machine::packetAt knows too.
  long At = (int)Offset, Network = -0x100000, Link = -0x200000;
  if (At < 0 && At >= Network)
    At += Request.NetworkOffset - Network;
  else if (At < 0 && At >= Link)
    At += Request.LinkOffset - Link;
  else if (At < 0)
    return (struct Answer){0, 1};
  At += Request.PacketStart;
  if (!Request.PacketBuffer || At < 0 || At + (long)Size > Request.PacketEnd)
    return (struct Answer){0, 1};
  const Byte *From = Base + Request.PacketBuffer + At;
  Word V = 0;
  for (Word N = 0; N != Size; ++N)
    V = V << 8 | From[N];
  return (struct Answer){V, 0};
}

static void flush(Byte *Code, Word Size) {
  for (Word N = 0; N < Size; N += 16)
    __asm__ volatile("dc cvau, %0\n dsb ish\n ic ivau, %0" ::"r"(Code + N)
                     : "memory");
  __asm__ volatile("dsb ish\n isb" ::: "memory");
}

static void serve(Byte *Rights, Byte *Frames) {
  static struct WireRegion Regions[256];
  Byte *Code = map(Request.CodeSize);
  input(Code, Request.CodeSize);
  call(226, (Word)Code, Request.CodeSize, 5, 0, 0, 0);
  flush(Code, Request.CodeSize);
  if (Request.Regions > 256)
    quit(3);
  for (Word N = 0; N != Request.Regions; ++N) {
    input(&Regions[N], sizeof Regions[N]);
    input(Base + Regions[N].Guest, Regions[N].Size);
    input(Rights + Regions[N].Guest, Regions[N].Size);
  }
  struct WireState *S = (void *)(Base - WireWorkspace);
  memcpy(Frames, Request.Frames, sizeof Request.Frames);
  *S = Request.State;
  S->Top = (Word)(Frames + Request.Top * WireFrameSize);
  S->Last = (Word)(Frames + Request.State.Last * WireFrameSize);
  S->Rights = (Word)Rights;
  S->GuestEnd = WIRE_GUEST_END;
  S->CallHelper = (Word)helper;
  S->TailCall = (Word)refuse;
  S->LoadPacket = (Word)packet;
  Refused = 0;
  Word (*Enter)(void *, Word) = (void *)(Code + Request.Enter);
  Reply.R0 = Enter(S, (Word)(Code + Request.Func));
  Reply.State = *S;
  if (Refused)
    memcpy(&Reply.State.R[1], Arguments, sizeof Arguments);
  Reply.Time = Request.Time;
  Reply.Top = (S->Top - (Word)Frames) / WireFrameSize;
  memcpy(Reply.Frames, Frames, sizeof Reply.Frames);
  output(&Reply, sizeof Reply);
  for (Word N = 0; N != Request.Regions; ++N) {
    output(Base + Regions[N].Guest, Regions[N].Size);
    memset(Rights + Regions[N].Guest, 0, Regions[N].Size);
  }
  call(215, (Word)Code, Request.CodeSize, 0, 0, 0, 0);
}

_Noreturn void start(void) {
  Word Size = WIRE_GUEST_END + 2 * WireMargin;
  Base = (Byte *)map(Size) + WireMargin;
  Byte *Rights = (Byte *)map(Size) + WireMargin;
  Byte *Frames = map(4096);
  for (;;) {
    input(&Request, sizeof Request);
    serve(Rights, Frames);
  }
}

__asm__(".global _start\n_start: b start\n");
