// A process that changes one row time and again: postgres_writer CONNINFO SCHEMA KEY TIMES. It
// writes a line with the row's version for each change that the store says is made. TIMES is 0 for
// a process that is going to be killed.

#include <stripe_return/postgres/postgres_store.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

namespace sr = stripe_return;

namespace {

[[noreturn]] void give_up(const sr::error& why) {
  std::fprintf(stderr, "postgres_writer: %s\n", why.message.c_str());
  std::exit(1);
}

bool change(sr::order_store& store, const std::string& key, std::string& version) {
  const auto found = store.find(key);
  if (!found) give_up(found.error());
  sr::order_change next;
  next.row.key = key;
  next.row.version = *found ? (*found)->version + 1 : 1;
  version = std::to_string(next.row.version);
  next.new_ids = {"cs_test_" + version};
  next.history = version;
  const auto put = store.put(next, {});
  if (!put) give_up(put.error());
  return *put == sr::put_result::done;
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
