// The library's words, in the shopkeeper's language.
#pragma once

#include "language.hpp"

#include <stripe_return/fulfillment/order_record.hpp>

#include <string_view>

bilingual words_for(stripe_return::order_stage stage);
bilingual words_for(stripe_return::order_state state);
bilingual words_for(stripe_return::reason why);

// What a line of history says was done or heard. A word that is new here is said as it is.
bilingual words_for_history(std::string_view what);
