#include "check.hpp"

#include "demo.hpp"

#include <httplib.h>

#include <cstdio>
#include <string>

namespace {

// "" when the answer is what the visitor should see.
std::string fault_of(const httplib::Result& answer, const demo::visit& visit) {
  if (!answer) return "no answer";
  if (answer->status != visit.http_status) return "status " + std::to_string(answer->status);
  if (answer->body.find("data-word=\"" + visit.word + "\"") == std::string::npos) {
    return "another page";
  }
  if (answer->get_header_value("Cache-Control") != "no-store") return "may be kept";
  if (answer->get_header_value("Referrer-Policy") != "no-referrer") return "tells its address on";
  for (const char* private_word : {"cs_test", "cs_live", "pi_", "demo-1", "1774256", "@"}) {
    if (answer->body.find(private_word) != std::string::npos) return "shows too much";
  }
  return {};
}

} // namespace

int check_every_visit(int port) {
  httplib::Client browser("127.0.0.1", port);
  int passed = 0;
  int failed = 0;
  for (const demo::visit& visit : demo::visits()) {
    httplib::Headers headers;
    if (visit.order) headers.emplace("Cookie", "out_trade_no=" + visit.order->out_trade_no);
    const std::string fault = fault_of(browser.Get(visit.target, headers), visit);
    ++(fault.empty() ? passed : failed);
    std::printf("%-4s %s: %s%s%s\n", fault.empty() ? "ok" : "FAIL", visit.name.c_str(),
                visit.word.c_str(), fault.empty() ? "" : ", ", fault.c_str());
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed != 0 ? 0 : 1;
}
