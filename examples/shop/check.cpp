#include "check.hpp"

#include "check_expect.hpp"
#include "check_ways.hpp"

#include <cstdio>
#include <string>

int check_every_way(shop& shop) {
  checked_shop checked{shop, stripe_hand(shop.fake_stripe()->url()),
                       keeper_visit(shop.url(), shop.keeper.token())};
  int failed = 0;
  for (const std::vector<way>& ways : {customer_ways(), keeper_ways(), hostile_ways()}) {
    for (const way& each : ways) {
      std::string text;
      try {
        each.go(checked);
      } catch (const fault& found) {
        text = std::string(": ") + found.what();
        ++failed;
      }
      std::printf("%-4s %s%s\n", text.empty() ? "ok" : "FAIL", each.name, text.c_str());
      std::fflush(stdout);
    }
  }
  return failed == 0 ? 0 : 1;
}
