#include "backend/target/KernelObjects.h"

using namespace llvm;

namespace bpfcc::target {

EventArgument tracepointArgument(StringRef Tracepoint, unsigned Argument) {
  static constexpr struct {
    StringLiteral Name;
    unsigned Argument;
    EventArgument What;
  } Rows[] = {
#define TRACEPOINT_ARGUMENT(Tracepoint, Argument, What)                        \
  {#Tracepoint, Argument, EventArgument::What},
#include "backend/target/tracepoint_arguments.def"
  };
  for (const auto &R : Rows)
    if (R.Argument == Argument && R.Name == Tracepoint)
      return R.What;
  return EventArgument::Valid;
}

EventArgument iteratorArgument(StringRef Target, unsigned Argument) {
  static constexpr struct {
    StringLiteral Name;
    unsigned Argument;
    EventArgument What;
  } Rows[] = {
#define ITERATOR_ARGUMENT(Target, Argument, What)                              \
  {#Target, Argument, EventArgument::What},
#include "backend/target/iterators.def"
  };
  for (const auto &R : Rows)
    if (R.Argument == Argument && R.Name == Target)
      return R.What;
  return EventArgument::Valid;
}

uint8_t lsmFlags(StringRef Hook) {
  using namespace lsm;
  static constexpr struct {
    StringLiteral Name;
    uint8_t Flags;
  } Rows[] = {
#define LSM_HOOK(Name, Flags) {#Name, Flags},
#include "backend/target/lsm_hooks.def"
  };
  for (const auto &R : Rows)
    if (R.Name == Hook)
      return R.Flags;
  return 0;
}

HelperObject helperObject(StringRef Name) {
  static constexpr struct {
    StringLiteral Name, Argument, Result;
  } Rows[] = {
#define HELPER_OBJECT(Name, Argument, Result)                                  \
  {"bpf_" #Name, #Argument, #Result},
#include "backend/target/helper_objects.def"
  };
  auto Given = [](StringRef S) { return S == "none" ? StringRef() : S; };
  for (const auto &R : Rows)
    if (R.Name == Name)
      return {Given(R.Argument), Given(R.Result)};
  return {};
}

} // namespace bpfcc::target
