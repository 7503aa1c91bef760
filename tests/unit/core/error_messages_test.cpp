// Every message of an error says what happened and what to do, in one style. They are read from the
// sources, so that none is left out.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct message {
  std::string where;
  std::string text; // with "..." for what is known at run time alone
};

std::string read_without_comments(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::string text;
  for (std::string line; std::getline(stream, line); text += line + '\n') {
    if (line.compare(0, 2, "//") == 0) line.clear();
    line.erase(std::min(line.find(" //"), line.size()));
  }
  return text;
}

// The literals of the argument that begins there. Empty where it has none.
std::string literals_of(std::string_view source, std::size_t at) {
  std::string text;
  int depth = 0;
  bool pending = false; // something besides a literal
  for (; at < source.size() && source[at] != ';'; ++at) {
    const char c = source[at];
    if (c == '"') {
      if (pending && !text.empty()) text += "...";
      pending = false;
      for (++at; source[at] != '"'; ++at) {
        if (source[at] == '\\') ++at;
        text += source[at];
      }
      continue;
    }
    if (depth == 0 && (c == ',' || c == ')' || c == '}')) break;
    if (c == '(' || c == '{') ++depth;
    if (c == ')' || c == '}') --depth;
    if (std::isspace(static_cast<unsigned char>(c)) == 0) pending = true;
  }
  if (pending && !text.empty() && text.back() != '.') text += "...";
  return text;
}

// What stands behind error_code:: and behind the names of the functions that make an error of a
// sentence.
std::vector<message> messages_in(const std::filesystem::path& file) {
  const std::string source = read_without_comments(file);
  static const std::regex begin(
      R"(error_code::\w+,|\b(invalid|unavailable|unreadable)\((?=\s*")|return "The )");
  std::vector<message> all;
  for (std::sregex_iterator at(source.begin(), source.end(), begin), end; at != end; ++at) {
    const bool whole = at->str().front() == 'r';
    const auto place = static_cast<std::size_t>(at->position()) +
                       (whole ? std::string_view("return ").size() : at->str().size());
    std::string text = literals_of(source, place);
    if (file.filename() == "postgres_failure.cpp" && text != ".")
      text += '.'; // behind the SQLSTATE
    all.push_back({file.filename().string() + ": " + at->str(), text});
  }
  return all;
}

std::vector<message> all_messages() {
  std::vector<message> all;
  for (const char* room :
       {"core", "client", "webhook", "orders", "sqlite", "postgres", "program"}) {
    for (const auto& each : std::filesystem::directory_iterator(
             STRIPE_RETURN_TEST_DATA "/../../src/" + std::string(room))) {
      const auto extension = each.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      for (message& found : messages_in(each.path()))
        all.push_back(std::move(found));
    }
  }
  return all;
}

TEST(ErrorMessages, SayWhatHappenedAndWhatToDo) {
  const std::regex what_to_do(": |; |[.] [A-Z]| must |[.][.][.]$");
  std::set<std::string> elsewhere; // the sentence is given to a function
  std::size_t count = 0;
  for (const auto& [where, text] : all_messages()) {
    if (text.empty() || text == ".") {
      elsewhere.insert(where.substr(0, where.find(':')));
      continue;
    }
    // No longer than what needs no memory.
    if (where.find("no_memory.hpp") == 0 || text == "Out of memory.") continue;
    ++count;
    EXPECT_TRUE(std::isupper(static_cast<unsigned char>(text.front()))) << where << '\n' << text;
    EXPECT_EQ(text.back(), '.') << where << '\n' << text;
    EXPECT_GE(text.size(), 20U) << where << '\n' << text;
    EXPECT_LE(text.size(), 250U) << where << '\n' << text;
    EXPECT_TRUE(std::regex_search(text, what_to_do)) << where << '\n' << text;
  }
  EXPECT_GE(count, 100U) << "the sources are written in another way than they are read";
  EXPECT_EQ(elsewhere,
            (std::set<std::string>{"checkout_form.cpp", "client_options.cpp",
                                   "order_repository.cpp", "order_text.cpp", "postgres_failure.cpp",
                                   "postgres_store.cpp", "read_file.cpp", "sqlite_failure.cpp"}))
      << "let messages_in() know the function";
}

} // namespace
