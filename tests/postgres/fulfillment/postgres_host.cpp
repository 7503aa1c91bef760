// A host that changes one order time and again: postgres_host CONNINFO SCHEMA ORDER TIMES. It
// writes a line with the order's version for each change that the store says is made. TIMES is 0
// for a host that is going to be killed.

#include <stripe_return/fulfillment/postgres_store.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

namespace sr = stripe_return;

namespace {

[[noreturn]] void give_up(const sr::error& why) {
  std::fprintf(stderr, "postgres_host: %s\n", why.message.c_str());
  std::exit(1);
}

bool change(sr::fulfillment_store& store, const std::string& number, std::string& version) {
  const auto found = store.find(number);
  if (!found) give_up(found.error());
  sr::order_record order = found->value_or(sr::order_record());
  if (*found) ++order.version;
  order.out_trade_no = number;
  version = std::to_string(order.version);
  order.sessions = {{"cs_test_" + version}};
  sr::history_entry entry;
  entry.what = version;
  const auto changed = *found ? store.replace(order, entry) : store.add(order, entry);
  if (!changed) give_up(changed.error());
  return *changed;
}

} // namespace

int main(int, char** arguments) {
  sr::postgres_options options;
  options.conninfo = arguments[1];
  options.schema = arguments[2];
  sr::postgres_store store(options);
  const long times = std::atol(arguments[4]);
  for (long made = 0; times == 0 || made != times;) {
    std::string version;
    if (!change(store, arguments[3], version)) continue;
    ++made;
    version += '\n';
    // Nothing is held back: a line is there as soon as it is true.
    if (write(STDOUT_FILENO, version.data(), version.size()) < 0) return 1;
  }
}
