#include "program/commands.hpp"
#include "program/json_output.hpp"

#include <stripe_return/core/decide.hpp>

#include <cstdio>
#include <ctime>
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
    if (text.size() > longest_document) return unreadable("The file is longer than 64 MiB.");
  }
  if (std::ferror(file) != 0) return unreadable("The file cannot be read to its end.");
  return text;
}

sr::result<std::string> read(const std::string& name) {
  if (name == "-") return read(stdin);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(name.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) return unreadable("The file cannot be opened: look at its name and permissions.");
  return read(file.get());
}

} // namespace

int decide(const decide_arguments& arguments) {
  const sr::result<std::string> text = read(arguments.file);
  if (!text) return print_error(text.error());
  const sr::result<sr::checkout_session> session = sr::parse_checkout_session(*text);
  if (!session) return print_error(session.error());
  sr::decide_options options;
  options.order_key = arguments.order_key;
  const sr::unix_seconds now = arguments.now.value_or(std::time(nullptr));
  const sr::order_outcome unchecked = sr::decide(*session, now, options);
  if (arguments.expected.empty()) return print_outcome(*session, unchecked);
  const auto order = arguments.expected.order_for(*session, unchecked.out_trade_no());
  return print_outcome(*session, sr::decide(*session, order, now, options));
}

} // namespace program
