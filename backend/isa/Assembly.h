#ifndef BPFCC_BACKEND_ISA_ASSEMBLY_H
#define BPFCC_BACKEND_ISA_ASSEMBLY_H

#include "backend/isa/AsmMatch.h"
#include "backend/isa/Assembler.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/StringSaver.h"

namespace bpfcc::isa {

/// No program has more instructions; also for what macros and repetitions make.
constexpr unsigned MaxStatements = 1 << 20;

/// One text on its way to instructions. Assembler.cpp has instructions and
/// labels, AsmData.cpp numbers and names, AsmBlocks.cpp what chooses or
/// repeats statements.
class Assembly {
public:
  explicit Assembly(bool BigEndian) : BigEndian(BigEndian) {}

  llvm::Expected<AsmResult> run(llvm::StringRef Text);

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
    uint64_t At;
  };
  struct Macro {
    struct Parameter {
      llvm::StringRef Name, Default;
      bool Rest = false; ///< takes all that is left
    };
    std::vector<Parameter> Parameters;
    std::vector<llvm::StringRef> Body;
  };
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

  bool BigEndian;
  std::vector<Item> Items;
  uint64_t Here = 0;
  llvm::StringMap<uint64_t> Labels;
  llvm::StringMap<llvm::SmallVector<Label, 2>> Numbered;
  uint32_t LabelCount = 0;
  llvm::StringMap<AsmExpr> Names;
  llvm::StringMap<Macro> Macros;
  unsigned Depth = 0, Expansions = 0, Count = 0;
  llvm::BumpPtrAllocator Memory;
  llvm::StringSaver Saver{Memory};
};

/// Cuts a word off the front of \p Text; empty where none stands there.
llvm::StringRef takeWord(llvm::StringRef &Text);

} // namespace bpfcc::isa

#endif
