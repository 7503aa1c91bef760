// Does one thing COUNT times, for the script `instructions` to count by valgrind.
//
// usage: instructions decode|accept COUNT FILE
//        instructions minify FILE

#include <stripe_return/core/checkout_session.hpp>

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace {

std::string content(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

} // namespace

int main(int count, char** arguments) {
  const std::string what = count > 1 ? arguments[1] : "";
  if (what == "minify" && count == 3) {
    std::fputs(nlohmann::json::parse(content(arguments[2])).dump().c_str(), stdout);
    return 0;
  }
  if ((what != "decode" && what != "accept") || count != 4) {
    std::fputs("usage: instructions decode|accept COUNT FILE\n", stderr);
    return 2;
  }
  const std::string json = content(arguments[3]);
  bool read = true;
  for (long left = std::strtol(arguments[2], nullptr, 10); left > 0; --left) {
    read = (what == "decode" ? stripe_return::parse_checkout_session(json).has_value()
                             : nlohmann::json::accept(json.data(), json.data() + json.size())) &&
           read;
  }
  return read ? 0 : 1;
}
