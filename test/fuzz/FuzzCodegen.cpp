// Random LLVM IR through the whole back end: compiled, or refused with a reason
// at what it has and BPF lacks. The MIR checker runs between the stages, and a
// fault that it finds is an internal error.
//
// The input is no IR: its first byte chooses the ISA level and the byte order,
// and each two bytes after it which change FuzzMutate makes next of a small
// module. So inputs that begin alike give modules that are alike.

#include "backend/codegen/CodeGen.h"
#include "backend/object/ElfFile.h"
#include "support/Diagnostic.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/FuzzMutate/IRMutator.h"
#include "llvm/FuzzMutate/Operations.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"

using namespace bpfcc;

static constexpr size_t MaxChanges = 200;

static constexpr char Start[] = R"(
@bytes = global [40 x i8] zeroinitializer
@number = internal global i32 7
declare i64 @helper(ptr, i64)

define internal i64 @callee(ptr %p, i32 %n, i8 %b, i64 %w) noinline {
  %v = load i64, ptr %p
  %z = zext i32 %n to i64
  %s = add i64 %v, %z
  ret i64 %s
}

define i64 @entry(ptr %ctx, i64 %a, i32 %b, i16 %c, i1 %d) {
  %local = alloca [3 x i64]
  store i64 %a, ptr %local
  %r = call i64 @callee(ptr %local, i32 %b, i8 3, i64 %a)
  br i1 %d, label %yes, label %no
yes:
  %x = sext i16 %c to i64
  br label %no
no:
  %m = phi i64 [%r, %0], [%x, %yes]
  ret i64 %m
}
)";

/// Changes that stay within what the back end takes: no floating point.
static llvm::IRMutator mutator() {
  std::vector<llvm::TypeGetter> Types = {
      llvm::Type::getInt1Ty,  llvm::Type::getInt8Ty,  llvm::Type::getInt16Ty,
      llvm::Type::getInt32Ty, llvm::Type::getInt64Ty, llvm::Type::getInt128Ty};
  Types.push_back([](llvm::LLVMContext &C) {
    return static_cast<llvm::Type *>(llvm::PointerType::get(C, 0));
  });
  std::vector<llvm::fuzzerop::OpDescriptor> Ops;
  llvm::describeFuzzerIntOps(Ops);
  llvm::describeFuzzerControlFlowOps(Ops);
  llvm::describeFuzzerPointerOps(Ops);
  llvm::describeFuzzerAggregateOps(Ops);
  llvm::describeFuzzerVectorOps(Ops);
  std::vector<std::unique_ptr<llvm::IRMutationStrategy>> Strategies;
  Strategies.push_back(
      std::make_unique<llvm::InjectorIRStrategy>(std::move(Ops)));
  Strategies.push_back(std::make_unique<llvm::InstDeleterIRStrategy>());
  Strategies.push_back(std::make_unique<llvm::InstModificationIRStrategy>());
  Strategies.push_back(std::make_unique<llvm::InsertFunctionStrategy>());
  Strategies.push_back(std::make_unique<llvm::InsertCFGStrategy>());
  Strategies.push_back(std::make_unique<llvm::InsertPHIStrategy>());
  Strategies.push_back(std::make_unique<llvm::SinkInstructionStrategy>());
  Strategies.push_back(std::make_unique<llvm::ShuffleBlockStrategy>());
  return llvm::IRMutator(std::move(Types), std::move(Strategies));
}

/// True if only the input is to blame.
static bool isReason(llvm::Error E) {
  bool Internal = false;
  handleAllErrors(
      std::move(E),
      [&](const DiagnosticError &D) {
        Internal |= D.diagnostic().Code == DiagCode::Internal ||
                    D.diagnostic().Message.empty();
        if (Internal)
          llvm::errs() << D.diagnostic().Message << '\n';
      },
      [&](const llvm::ErrorInfoBase &) { Internal = true; });
  return !Internal;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  if (Size < 3)
    return 0;
  bool Big = Data[0] & 1;
  llvm::LLVMContext Context;
  llvm::SMDiagnostic Problem;
  std::unique_ptr<llvm::Module> M =
      llvm::parseAssemblyString(Start, Problem, Context);
  M->setDataLayout(Big ? "E-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
                       : "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128");
  static llvm::IRMutator Mutator = mutator();
  for (size_t At = 1, N = 0; At + 2 <= Size && N < MaxChanges; At += 2, ++N)
    Mutator.mutateModule(*M, Data[At] | Data[At + 1] << 8, 1 << 16);
  if (llvm::verifyModule(*M)) // FuzzMutate's fault
    return 0;
  if (getenv("BPFCC_FUZZ_PRINT"))
    M->print(llvm::errs(), nullptr);
  CodeGenOptions Options;
  Options.Cpu = 1 + (Data[0] >> 1) % 4;
  Options.Check = true;
  auto O = generate(*M, Options);
  if (!O) {
    if (!isReason(O.takeError()))
      __builtin_trap();
    return 0;
  }
  if (!readElf(writeElf(*O), "fuzz.o"))
    __builtin_trap();
  return 0;
}
