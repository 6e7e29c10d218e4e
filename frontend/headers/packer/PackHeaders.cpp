// Build-time tool: pack-headers LIST OUTPUT. Each line of LIST is
// `NAME<tab>FILE`; OUTPUT is a header pack with the contents of every FILE.

#include "frontend/headers/HeaderPack.h"

#include "llvm/Support/LineIterator.h"
#include "llvm/Support/raw_ostream.h"

int main(int Argc, char **Argv) {
  auto Fail = [](const llvm::Twine &Text) {
    llvm::errs() << "pack-headers: " << Text << '\n';
    return 1;
  };
  if (Argc != 3)
    return Fail("usage: pack-headers LIST OUTPUT");
  auto List = llvm::MemoryBuffer::getFile(Argv[1]);
  if (!List)
    return Fail(llvm::Twine(Argv[1]) + ": " + List.getError().message());
  std::map<std::string, std::string> Files;
  for (llvm::line_iterator Line(**List); !Line.is_at_end(); ++Line) {
    auto [Name, Path] = Line->split('\t');
    auto Text = llvm::MemoryBuffer::getFile(Path);
    if (!Text)
      return Fail(Path + ": " + Text.getError().message());
    Files[Name.str()] = (*Text)->getBuffer().str();
  }
  std::vector<uint8_t> Blob = bpfcc::makeHeaderPack(Files);
  std::error_code Error;
  llvm::raw_fd_ostream Out(Argv[2], Error);
  if (Error)
    return Fail(llvm::Twine(Argv[2]) + ": " + Error.message());
  Out.write(reinterpret_cast<const char *>(Blob.data()), Blob.size());
  return 0;
}
