// nlohmann's code is in nlohmann_code.cpp alone, optimized: compiled with each test, it would take
// much of the time of compiling them, and most of the time of those that have a fake Stripe.
#pragma once

#include <nlohmann/json.hpp>

extern template class nlohmann::basic_json<>;
extern template class nlohmann::detail::serializer<nlohmann::json>;
