#include "program/commands.hpp"

#include <cstdio>
#include <memory>

namespace program {
namespace {

// More than Stripe ever sends, and less than what would fill the memory.
constexpr std::size_t longest_document = 64 * 1024 * 1024;

sr::error unreadable(const char* message) {
  return {sr::error_code::unreadable_file, message};
}

sr::result<std::string> read(std::FILE* file) {
  std::string text;
  char chunk[64 * 1024];
  while (const std::size_t count = std::fread(chunk, 1, sizeof chunk, file)) {
    text.append(chunk, count);
    if (text.size() > longest_document)
      return unreadable("The file is longer than 64 MiB: give one document.");
  }
  if (std::ferror(file) != 0)
    return unreadable("The file cannot be read to its end: check its disk.");
  return text;
}

} // namespace

sr::result<std::string> read_file(const std::string& name) {
  if (name == "-") return read(stdin);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(name.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) return unreadable("The file cannot be opened: check its name and permissions.");
  return read(file.get());
}

} // namespace program
