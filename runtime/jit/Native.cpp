#include "runtime/jit/Native.h"

#include "runtime/jit/LoopLimits.h"

#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

#include <cstring>

using namespace llvm;

namespace bpfcc::jit {

Native::Native() = default;
Native::~Native() = default;

// What of -O2 shortens runs of BPF programs, which a compiler has optimised
// before: calls become inline, checks that another one implies go, and so do
// loads of what is known; loops are made parallel and unrolled.
constexpr const char *Pipeline =
    "function<eager-inv>(early-cse,simplifycfg),"
    "cgscc(inline),"
    "function<eager-inv>(sroa,early-cse<memssa>,"
    "instcombine<no-verify-fixpoint>,simplifycfg,"
    "loop-simplify,loop-limits,loop-mssa(simple-loop-unswitch<nontrivial>,"
    "loop-rotate,licm),gvn,loop(loop-idiom),dse,"
    "loop-vectorize,loop-unroll<O2>,"
    "instcombine<no-verify-fixpoint>,early-cse,simplifycfg)";

Error optimiseModule(Module &M, TargetMachine &TM) {
  M.setDataLayout(TM.createDataLayout());
  M.setTargetTriple(TM.getTargetTriple());
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  PassBuilder PB(&TM);
  PB.registerPipelineParsingCallback(
      [](StringRef Name, FunctionPassManager &Passes, auto) {
        if (Name != "loop-limits")
          return false;
        Passes.addPass(LoopLimits());
        return true;
      });
  PB.registerModuleAnalyses(MAM);
  PB.registerCGSCCAnalyses(CGAM);
  PB.registerFunctionAnalyses(FAM);
  PB.registerLoopAnalyses(LAM);
  PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  ModulePassManager Passes;
  if (Error E = PB.parsePassPipeline(Passes, Pipeline))
    return E;
  Passes.run(M, MAM);
  return Error::success();
}

/// The machine that code is made for. The levels that LLVM has names for take
/// it less time than a list of features.
static Expected<orc::JITTargetMachineBuilder> machine(bool Baseline) {
  orc::JITTargetMachineBuilder Builder{Triple(sys::getProcessTriple())};
#ifdef __x86_64__
  bool IsV3 = !Baseline && __builtin_cpu_supports("x86-64-v3");
  Builder.setCPU(IsV3 ? "x86-64-v3" : "x86-64");
#else
  if (!Baseline)
    return orc::JITTargetMachineBuilder::detectHost();
#endif
  return Builder;
}

static uint64_t codeBytes(const object::ObjectFile &O) {
  uint64_t Size = 0;
  for (const object::SectionRef &S : O.sections())
    Size += S.isText() ? S.getSize() : 0;
  return Size;
}

Expected<std::unique_ptr<MemoryBuffer>> generateObject(Module &M,
                                                       TargetMachine &TM) {
  return orc::SimpleCompiler(TM)(M);
}

Error Native::add(std::unique_ptr<LLVMContext> Context,
                  std::unique_ptr<Module> M, bool Baseline) {
  // Once, whoever comes first.
  [[maybe_unused]] static const bool Failed =
      InitializeNativeTarget() || InitializeNativeTargetAsmPrinter();
  auto Host = machine(Baseline);
  if (!Host)
    return Host.takeError();
  auto TM = Host->createTargetMachine();
  if (!TM)
    return TM.takeError();
  orc::LLJITBuilder Builder;
  Builder.setJITTargetMachineBuilder(*Host)
      .setCompileFunctionCreator(
          [&](orc::JITTargetMachineBuilder)
              -> Expected<std::unique_ptr<orc::IRCompileLayer::IRCompiler>> {
            return std::make_unique<orc::SimpleCompiler>(**TM);
          })
      .setLinkProcessSymbolsByDefault(false)
      .setPlatformSetUp(orc::setUpInactivePlatform);
  auto Made = Builder.create();
  if (!Made)
    return Made.takeError();
  Code = std::move(*Made);
  // What LLVM makes loops into.
  orc::SymbolMap Known;
  auto Define = [&](StringRef Name, auto *At) {
    Known[Code->mangleAndIntern(Name)] = {orc::ExecutorAddr::fromPtr(At),
                                          JITSymbolFlags::Exported};
  };
  Define("memcpy",
         static_cast<void *(*)(void *, const void *, size_t)>(memcpy));
  Define("memmove",
         static_cast<void *(*)(void *, const void *, size_t)>(memmove));
  Define("memset", static_cast<void *(*)(void *, int, size_t)>(memset));
  if (Error E = Code->getMainJITDylib().define(
          orc::absoluteSymbols(std::move(Known))))
    return E;
  if (Error E = optimiseModule(*M, **TM))
    return E;
  auto Object = generateObject(*M, **TM);
  if (!Object)
    return Object.takeError();
  auto Read = object::ObjectFile::createObjectFile(**Object);
  if (!Read)
    return Read.takeError();
  Size = codeBytes(**Read);
  return Code->addObjectFile(std::move(*Object));
}

Expected<uint64_t> Native::address(StringRef Name) {
  auto A = Code->lookup(Name);
  if (!A)
    return A.takeError();
  return A->getValue();
}

} // namespace bpfcc::jit
