// Mistakes that need no verifier, at the place where they are written: the
// object shows some of them too, but knows only the lines of instructions.

#include "frontend/subset/Subset.h"

#include "backend/target/ProgTypes.h"
#include "backend/target/SectionNames.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/TargetLibraryInfo.h"

namespace bpfcc {

using namespace llvm;

/// How many values bpf_trace_printk() takes beside the format and its size.
constexpr unsigned MaxPrinted = 3;

namespace {

class Checks : public clang::ASTConsumer, clang::DynamicRecursiveASTVisitor {
public:
  explicit Checks(SubsetFindings &Into) : Into(Into) {}

  void Initialize(clang::ASTContext &C) override { Context = &C; }

  bool HandleTopLevelDecl(clang::DeclGroupRef Group) override {
    // Most of vmlinux.h is types.
    for (clang::Decl *D : Group)
      if (isa<clang::FunctionDecl, clang::VarDecl>(D))
        TraverseDecl(D);
    return true;
  }

private:
  bool VisitFunctionDecl(clang::FunctionDecl *F) override {
    if (const auto *S = F->getAttr<clang::SectionAttr>();
        S && F->isThisDeclarationADefinition())
      checkProgramSection(S->getName(), S->getLocation());
    return true;
  }

  bool VisitVarDecl(clang::VarDecl *V) override {
    const auto *S = V->getAttr<clang::SectionAttr>();
    if (!S)
      return true;
    if (S->getName() == ".maps")
      checkMap(*V);
    else if (StringRef Meant = target::nearestDataSection(S->getName());
             !Meant.empty()) {
      Into.AboutAll = true;
      found(DiagCode::UnknownSection, S->getLocation(),
            ("section `" + S->getName() + "` means nothing to loaders").str(),
            ("did you mean `" + Meant + "`?").str());
    }
    return true;
  }

  bool VisitCallExpr(clang::CallExpr *Call) override {
    const auto *Callee =
        dyn_cast_or_null<clang::NamedDecl>(Call->getCalleeDecl());
    if (!Callee || !Callee->getIdentifier())
      return true;
    StringRef Name = Callee->getName();
    if (Name == "bpf_trace_printk" && Call->getNumArgs() > MaxPrinted + 2)
      found(DiagCode::PrintkArguments, Call->getBeginLoc(),
            formatv(diagFormat(DiagCode::PrintkArguments), Name,
                    Call->getNumArgs() - 2)
                .str(),
            "bpf_printk() of <bpf/bpf_helpers.h> prints more, by "
            "bpf_trace_vprintk() of Linux 5.16",
            Severity::Error);
    const auto *F = dyn_cast<clang::FunctionDecl>(Callee);
    if (!F || F->getDefinition() || F->hasAttr<clang::SectionAttr>() ||
        !isLibraryFunction(Name))
      return true;
    // What headers say inline need not become code.
    const clang::SourceManager &Sources = Context->getSourceManager();
    if (F->isVariadic() &&
        Sources.isInMainFile(Sources.getExpansionLoc(Call->getBeginLoc())))
      found(DiagCode::LibraryFunction, Call->getBeginLoc(),
            formatv(diagFormat(DiagCode::LibraryFunction), Name).str(),
            Name.contains("printf") ? "bpf_printk() prints to the trace pipe"
                                    : "",
            Severity::Error);
    else if (!F->isVariadic())
      Into.LibraryCalls.try_emplace(Name.str(), place(Call->getBeginLoc()));
    return true;
  }

  void checkProgramSection(StringRef Section, clang::SourceLocation Where) {
    if (target::progTypeForSection(Section) != target::ProgType::Unspec)
      return;
    StringRef Meant = target::nearestSection(Section);
    if (!Meant.empty())
      found(DiagCode::UnknownSection, Where,
            formatv(diagFormat(DiagCode::UnknownSection), Section).str(),
            ("did you mean `" + Meant + "`?").str());
  }

  void checkMap(const clang::VarDecl &V) {
    const auto *Record = V.getType()->getAsRecordDecl();
    if (!Record)
      return;
    // As bpf_object__init_user_btf_map of libbpf reads them.
    static constexpr StringLiteral Names[] = {
        "type",     "max_entries", "map_flags", "map_extra",
        "key_size", "value_size",  "pinning",   "numa_node",
        "key",      "value",       "values"};
    for (const clang::FieldDecl *Field : Record->fields()) {
      StringRef Name = Field->getName();
      if (Name.empty() || is_contained(Names, Name))
        continue;
      const auto *Near = min_element(Names, [&](StringRef A, StringRef B) {
        return Name.edit_distance(A) < Name.edit_distance(B);
      });
      std::string Help = Name.edit_distance(*Near) <= 2
                             ? ("did you mean `" + *Near + "`?").str()
                             : "members are " + join(ArrayRef(Names), ", ");
      Into.AboutAll = true;
      found(DiagCode::BadMap, Field->getBeginLoc(),
            formatv(diagFormat(DiagCode::BadMap), V.getName(),
                    "loaders do not know its member `" + Name.str() + "`")
                .str(),
            Help);
    }
  }

  bool isLibraryFunction(StringRef Name) const {
    LibFunc Func;
    return Library.getLibFunc(Name, Func);
  }

  SourceLoc place(clang::SourceLocation Where) const {
    clang::PresumedLoc P = Context->getSourceManager().getPresumedLoc(
        Context->getSourceManager().getExpansionLoc(Where));
    if (P.isInvalid())
      return {};
    return {P.getFilename(), P.getLine(), P.getColumn()};
  }

  void found(DiagCode Code, clang::SourceLocation Where, std::string Message,
             std::string Help, Severity Level = Severity::Warning) {
    Into.Findings.push_back(
        {Code, Level, place(Where), std::move(Message), std::move(Help)});
  }

  SubsetFindings &Into;
  TargetLibraryInfoImpl Library{Triple("x86_64-linux-gnu")};
  clang::ASTContext *Context = nullptr;
};

} // namespace

std::unique_ptr<clang::ASTConsumer> subsetChecks(SubsetFindings &Findings) {
  return std::make_unique<Checks>(Findings);
}

} // namespace bpfcc
