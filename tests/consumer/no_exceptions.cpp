// What a program compiled without exceptions writes: every public header is included before it.
#include <stripe_return/core/return_query.hpp>

int main(int argc, char** argv) {
  namespace sr = stripe_return;
  sr::result<sr::session_id> id = sr::parse_return_query(argc > 1 ? argv[1] : "");
  const sr::result<sr::session_id>& same = id;
  sr::result<void> done;
  done.value();
  if (!id) return id.error().retryable() ? 1 : 2;
  return id.value() == same.value() && sr::result<int>(7).value() == 7 ? 0 : 3;
}
