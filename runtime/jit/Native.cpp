#include "runtime/jit/Native.h"

#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

#include <cstring>

using namespace llvm;

namespace bpfcc::jit {

Native::Native() = default;
Native::~Native() = default;

static void optimise(Module &M, TargetMachine &TM) {
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  PassBuilder PB(&TM);
  PB.registerModuleAnalyses(MAM);
  PB.registerCGSCCAnalyses(CGAM);
  PB.registerFunctionAnalyses(FAM);
  PB.registerLoopAnalyses(LAM);
  PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  PB.buildPerModuleDefaultPipeline(OptimizationLevel::O2).run(M, MAM);
}

static uint64_t codeBytes(const object::ObjectFile &O) {
  uint64_t Size = 0;
  for (const object::SectionRef &S : O.sections())
    Size += S.isText() ? S.getSize() : 0;
  return Size;
}

Error Native::add(std::unique_ptr<LLVMContext> Context,
                  std::unique_ptr<Module> M, bool Baseline) {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  auto Host = orc::JITTargetMachineBuilder::detectHost();
  if (!Host)
    return Host.takeError();
  if (Baseline)
    Host->setCPU("").getFeatures() = SubtargetFeatures();
  auto TM = Host->createTargetMachine();
  if (!TM)
    return TM.takeError();
  orc::LLJITBuilder Builder;
  Builder.setJITTargetMachineBuilder(*Host)
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
  M->setDataLayout((*TM)->createDataLayout());
  M->setTargetTriple((*TM)->getTargetTriple());
  optimise(*M, **TM);
  auto Object = orc::SimpleCompiler(**TM)(*M);
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
