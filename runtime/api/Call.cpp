// Helpers of the host, called from programs.

#include "runtime/api/Handles.h"
#include "support/Diagnostic.h"

using namespace llvm;
using namespace bpfcc;

/// Lives on the stack of the call.
struct bpfcc_helper_call {
  bpfcc_instance &Of;
  const std::string &Name;
  Error Failure = Error::success();

  void failWith(Error E) {
    if (Failure)
      consumeError(std::move(E)); // the first one is the cause
    else
      Failure = std::move(E);
  }
};

HostHelper api::hostHelper(const bpfcc_host_helper &H, bpfcc_instance &I) {
  HostHelper Out;
  if (H.number)
    Out.Number = H.number;
  Out.Name = H.name;
  Out.NumArgs = H.num_args;
  Out.Run = [&I, H, Name = Out.Name](
                Environment &, ArrayRef<uint64_t> Args) -> Expected<uint64_t> {
    bpfcc_helper_call Call{I, Name};
    uint64_t R0 = H.function(&Call, Args.data(), H.user);
    if (Call.Failure)
      return std::move(Call.Failure);
    return R0;
  };
  return Out;
}

void *bpfcc_call_memory(bpfcc_helper_call *Call, uint64_t Address, size_t Size,
                        int Write) {
  const Memory &Mem = Call->Of.env().Mem;
  // What the program itself may touch: of packets that is less than a region.
  for (size_t N = 0; N < Size;) {
    unsigned Step = Size - N < 8 ? 1 : 8;
    if (Address + N < N || !Mem.access(Address + N, Step, Write != 0))
      return nullptr;
    N += Step;
  }
  return Size ? Mem.host(Address) : nullptr;
}

bpfcc_map *bpfcc_call_map(bpfcc_helper_call *Call, uint64_t Address) {
  uint32_t Number = mapNumber(Call->Of.env(), Address);
  return Number == ~0u ? nullptr : &Call->Of.Maps[Number];
}

int bpfcc_call_back(bpfcc_helper_call *Call, uint64_t Function,
                    const uint64_t *Args, size_t NumArgs, uint64_t *R0) {
  if (NumArgs > 5 || Call->Failure)
    return -EINVAL;
  auto Given = Call->Of.env().CallBack(Function, ArrayRef(Args, NumArgs));
  if (!Given) {
    Call->failWith(Given.takeError());
    return -EFAULT;
  }
  *R0 = *Given;
  return 0;
}

void bpfcc_call_fail(bpfcc_helper_call *Call, const char *Message) {
  Call->failWith(
      diagError(DiagCode::RunError, {}, Call->Name + ": " + Message));
}

bpfcc_instance *bpfcc_call_instance(bpfcc_helper_call *Call) {
  return &Call->Of;
}
