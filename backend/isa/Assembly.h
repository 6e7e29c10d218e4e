#ifndef BPFCC_BACKEND_ISA_ASSEMBLY_H
#define BPFCC_BACKEND_ISA_ASSEMBLY_H

#include "backend/isa/AsmMatch.h"
#include "backend/isa/Assembler.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/StringSaver.h"

namespace bpfcc::isa {

class AsmScope {
public:
  struct Macro {
    struct Parameter {
      llvm::StringRef Name, Default;
      bool Rest = false; ///< takes all that is left
    };
    std::vector<Parameter> Parameters;
    std::vector<llvm::StringRef> Body;
  };
  llvm::StringMap<AsmExpr> Names;
  llvm::StringMap<Macro> Macros;
  /// Where the text of macros and of their arguments lies.
  llvm::BumpPtrAllocator Memory;
};

/// No program has more instructions; also for what macros and repetitions make.
constexpr unsigned MaxStatements = 1 << 20;

/// One text on its way to instructions. Assembler.cpp has instructions and
/// labels, AsmData.cpp numbers and names, AsmBlocks.cpp what chooses or
/// repeats statements.
class Assembly {
public:
  Assembly(bool BigEndian, bool Module) : BigEndian(BigEndian), Module(Module) {
    enter(".text");
  }

  void use(const AsmScope &S) {
    Scope->Names = S.Names;
    Scope->Macros = S.Macros;
  }
  llvm::Expected<AsmResult> run(llvm::StringRef Text);
  llvm::Expected<AsmModule> runModule(llvm::StringRef Text);

private:
  /// An instruction, or bytes that stand together.
  struct Item {
    uint64_t At; ///< byte offset
    bool IsInst;
    AsmStatement Inst;
    uint32_t Labels = 0; ///< labels before an instruction
    llvm::StringRef Text;
    std::vector<uint8_t> Bytes;
    struct Patch {
      uint32_t At;
      uint8_t Size;
      AsmExpr Value;
      llvm::StringRef Text;
    };
    std::vector<Patch> Patches;
  };
  struct Label {
    uint32_t Order;
    uint32_t Section;
    uint64_t At;
  };
  struct Section {
    AsmSection Out; ///< without its bytes
    std::vector<Item> Items;
    uint64_t Size = 0;
  };
  struct SymbolFacts {
    bool Declared = false; ///< .globl, .weak and the like name it
    uint8_t Binding = 0, Type = 0, Visibility = 0;
    AsmExpr Size;
    llvm::StringRef Text; ///< of its .size
  };
  using Macro = AsmScope::Macro;
  using Statements = llvm::ArrayRef<llvm::StringRef>;

  llvm::Error bad(llvm::StringRef Statement, const llvm::Twine &Why) const;

  // Assembler.cpp
  llvm::Error all(Statements S);
  llvm::Error label(llvm::StringRef Name, llvm::StringRef Statement);
  llvm::Error instruction(llvm::StringRef S);
  std::optional<Label> find(const AsmExpr::Node &Symbol) const;
  llvm::Expected<AsmResult> result();
  llvm::Error resolve(const Item &From, AsmResult &Out);
  llvm::Error decodeSlots(const Item &From, AsmResult &Out);

  // AsmData.cpp
  /// Does what \p S says if it is a directive for data or names.
  llvm::Expected<bool> dataDirective(llvm::StringRef Word, llvm::StringRef Rest,
                                     llvm::StringRef S);
  llvm::Error numbers(unsigned Size, llvm::StringRef Rest, llvm::StringRef S);
  llvm::Error strings(bool Zero, llvm::StringRef Rest, llvm::StringRef S);
  llvm::Error space(llvm::StringRef Rest, llvm::StringRef S);
  llvm::Error fill(llvm::StringRef Rest, llvm::StringRef S);
  llvm::Error align(bool Power, llvm::StringRef Rest, llvm::StringRef S);
  llvm::Error set(llvm::StringRef Name, llvm::StringRef Value,
                  llvm::StringRef S);
  llvm::Expected<llvm::SmallVector<AsmExpr, 4>>
  expressions(llvm::StringRef Rest, llvm::StringRef S);
  llvm::Expected<int64_t> absolute(llvm::StringRef Text, llvm::StringRef S);
  /// \p E with labels as distances from `.`.
  AsmExpr placed(const AsmExpr &E) const;
  Item &data();

  /// What `.` in \p Section counts from.
  static std::string startOf(uint32_t Section) {
    return Section ? ".#" + std::to_string(Section) : ".";
  }

  // AsmSections.cpp
  llvm::Expected<bool> sectionDirective(llvm::StringRef Word,
                                        llvm::StringRef Rest,
                                        llvm::StringRef S);
  llvm::Error section(llvm::StringRef Rest, llvm::StringRef S);
  llvm::Error symbols(llvm::StringRef Word, llvm::StringRef Rest,
                      llvm::StringRef S);
  llvm::Error type(llvm::StringRef Rest, llvm::StringRef S);
  llvm::Error size(llvm::StringRef Rest, llvm::StringRef S);
  void enter(llvm::StringRef Name);
  SymbolFacts &facts(llvm::StringRef Name);
  llvm::Error encodeItems(const Section &From, AsmSection &Out);
  llvm::Error encodeInst(const Item &I, AsmSection &Out);
  llvm::Error encodeNumber(const Item &I, const Item::Patch &P,
                           AsmSection &Out);
  llvm::Error addSymbols(AsmModule &Out);

  // AsmBlocks.cpp
  /// Does the block that starts at \p At and moves \p At behind it.
  llvm::Expected<bool> block(Statements S, size_t &At, llvm::StringRef Word,
                             llvm::StringRef Rest);
  llvm::Error condition(Statements S, size_t &At, llvm::StringRef Word,
                        llvm::StringRef Rest);
  llvm::Expected<bool> holds(llvm::StringRef Word, llvm::StringRef Rest,
                             llvm::StringRef S);
  llvm::Error repeat(Statements Body, llvm::StringRef Word,
                     llvm::StringRef Rest, llvm::StringRef S);
  llvm::Error defineMacro(Statements Body, llvm::StringRef Rest,
                          llvm::StringRef S);
  llvm::Expected<bool> callMacro(llvm::StringRef Word, llvm::StringRef Rest,
                                 llvm::StringRef S);
  llvm::Error
  expand(Statements Body,
         llvm::ArrayRef<std::pair<llvm::StringRef, llvm::StringRef>> Arguments);

  std::vector<Item> &items() { return Sections[Current].Items; }
  uint64_t &here() { return Sections[Current].Size; }

  bool BigEndian, Module;
  std::vector<Section> Sections; ///< the first is .text, or inline text
  uint32_t Current = 0, Previous = 0;
  std::vector<std::pair<uint32_t, uint32_t>> Pushed;
  llvm::StringMap<Label> Labels;
  std::vector<std::string> SymbolOrder; ///< names by their first mention
  llvm::StringMap<SymbolFacts> Facts;
  llvm::StringMap<llvm::SmallVector<Label, 2>> Numbered;
  uint32_t LabelCount = 0;
  std::shared_ptr<AsmScope> Scope = std::make_shared<AsmScope>();
  unsigned Depth = 0, Expansions = 0, Count = 0;
};

/// Cuts a word off the front of \p Text; empty where none stands there.
llvm::StringRef takeWord(llvm::StringRef &Text);

} // namespace bpfcc::isa

#endif
