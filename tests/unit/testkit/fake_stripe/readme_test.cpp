// The tables of README.md name each route of the code, with its parameters, and no other.
#include "testkit/fake_stripe/api.hpp"
#include "testkit/fake_stripe/command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fake = stripe_return::fake;

// What stands between backquotes in `text`.
std::vector<std::string> in_backquotes(std::string_view text) {
  std::vector<std::string> all;
  while (true) {
    const std::size_t start = text.find('`');
    const std::size_t end = start == text.npos ? text.npos : text.find('`', start + 1);
    if (end == text.npos) return all;
    all.emplace_back(text.substr(start + 1, end - start - 1));
    text.remove_prefix(end + 1);
  }
}

bool begins(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// "GET /path a b", of each row whose first cell is a route.
std::set<std::string> documented() {
  std::set<std::string> routes;
  std::ifstream readme(FAKE_STRIPE_README);
  for (std::string line; std::getline(readme, line);) {
    if (!begins(line, "| `GET ") && !begins(line, "| `POST ") && !begins(line, "| `DELETE ")) {
      continue;
    }
    const std::size_t second = line.find('|', 1);
    std::string route = in_backquotes(line.substr(0, second)).at(0);
    for (const std::string& each :
         in_backquotes(line.substr(second, line.find('|', second + 1) - second)))
      route += " " + each;
    EXPECT_TRUE(routes.insert(route).second) << route;
  }
  return routes;
}

std::string text_of(std::string_view method, std::string_view path, std::string_view names) {
  std::string text(method);
  text.append(" ").append(path);
  if (!names.empty()) text.append(" ").append(names);
  return text;
}

TEST(FakeStripeReadme, ListsEachRouteWithItsParameters) {
  std::set<std::string> known;
  for (const fake::api_route& each : fake::api_routes())
    known.insert(text_of(each.method, each.path, each.parameters));
  for (const fake::command_route& each : fake::command_routes())
    known.insert(text_of(each.method, each.path, each.members));
  EXPECT_THAT(documented(), testing::ContainerEq(known));
}

} // namespace
