// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice Stake of one provider at one service.
/// @param tokens all of it, thawing tokens included
/// @param tokensThawing the part that is on its way out, and can still be slashed
/// @param sharesThawing shares in `tokensThawing` that the open thaw requests hold
/// @param thawingPeriod how long a thaw takes, in seconds
/// @param createdAt seconds since 1970; 0 when there is no provision
/// @param thawingNonce counts the slashes that left nothing thawing; requests of an older one are void
/// @param maxVerifierCut the most of a slashed amount that may be paid out as a reward, in parts per million
/// @param maxVerifierCutPending the same, staged, valid only while `parametersStagedAt` is not 0
/// @param thawingPeriodPending staged thawing period, in seconds
/// @param parametersStagedAt seconds since 1970; 0 when nothing is staged
/// @param firstRequest number of the oldest open thaw request
/// @param nextRequest number of the next thaw request; equal to `firstRequest` when none is open
struct Provision {
    uint128 tokens;
    uint128 tokensThawing;
    uint256 sharesThawing;
    uint64 thawingPeriod;
    uint64 createdAt;
    uint64 thawingNonce;
    uint32 maxVerifierCut;
    uint32 maxVerifierCutPending;
    uint64 thawingPeriodPending;
    uint64 parametersStagedAt;
    uint64 firstRequest;
    uint64 nextRequest;
}

/// @notice One request to take tokens out of a provision.
/// @param shares its part of the thawing tokens
/// @param thawingUntil when it is due, seconds since 1970
/// @param thawingNonce the provision's when it was made
struct ThawRequest {
    uint256 shares;
    uint64 thawingUntil;
    uint64 thawingNonce;
}

/// @title Thawing
/// @notice The arithmetic of thaw requests: a pool of thawing tokens, shares in it, a queue of requests. All rounding is against
/// whoever thaws: a request is never worth more than what it asked for, all of them never more than what thaws.
library Thawing {
    /// @notice The most thaw requests that may be open at once in one provision.
    uint256 internal constant MAX_REQUESTS = 100;

    /// @notice As many thaw requests are open as there may be.
    error TooManyThawRequests(uint256 open, uint256 max);

    /// @notice Appends a request for `tokens`, which the caller has found to be there.
    /// @return number of the request
    /// @return thawingUntil when it is due, seconds since 1970
    function open(
        Provision storage provision,
        mapping(uint64 => ThawRequest) storage requests,
        uint128 tokens
    ) internal returns (uint64 number, uint64 thawingUntil) {
        number = provision.nextRequest;
        uint256 opened = number - provision.firstRequest;
        if (opened >= MAX_REQUESTS) {
            revert TooManyThawRequests(opened, MAX_REQUESTS);
        }
        uint256 thawing = provision.tokensThawing;
        uint256 pool = provision.sharesThawing;
        // Up, as in Horizon: a request that follows a slash must not be worth less than what it brings in. It cannot be worth more: a
        // share is never worth more than one token.
        uint256 shares = thawing == 0 ? tokens : Math.mulDiv(pool, tokens, thawing, Math.Rounding.Ceil);
        thawingUntil = uint64(block.timestamp) + provision.thawingPeriod;
        provision.sharesThawing = pool + shares;
        // Fits: what thaws is never more than the provision, which is a uint128.
        provision.tokensThawing = uint128(thawing + tokens);
        provision.nextRequest = number + 1;
        requests[number] = ThawRequest(shares, thawingUntil, provision.thawingNonce);
    }

    /// @notice Takes the oldest request out of the queue if it is due, or void.
    /// @return done false when the queue is empty or its oldest request is not due
    /// @return number of the request
    /// @return tokens what it yields; 0 for a void one
    function close(
        Provision storage provision,
        mapping(uint64 => ThawRequest) storage requests
    ) internal returns (bool done, uint64 number, uint128 tokens) {
        number = provision.firstRequest;
        if (number == provision.nextRequest) {
            return (false, number, 0);
        }
        ThawRequest storage request = requests[number];
        if (request.thawingNonce == provision.thawingNonce) {
            if (block.timestamp < request.thawingUntil) {
                return (false, number, 0);
            }
            uint256 shares = request.shares;
            tokens = worth(provision, shares);
            provision.sharesThawing -= shares;
            provision.tokensThawing -= tokens;
            provision.tokens -= tokens;
        }
        delete requests[number];
        provision.firstRequest = number + 1;
        return (true, number, tokens);
    }

    /// @notice Takes `tokens`, at most all of them, out of a provision, in proportion also out of what thaws.
    function slash(Provision storage provision, uint128 tokens) internal {
        uint256 before = provision.tokens;
        uint256 left = before - tokens;
        uint128 thawing = uint128(Math.mulDiv(provision.tokensThawing, left, before));
        provision.tokens = uint128(left);
        provision.tokensThawing = thawing;
        if (thawing == 0 && provision.sharesThawing != 0) {
            provision.sharesThawing = 0;
            provision.thawingNonce += 1;
        }
    }

    /// @notice What `shares` are worth now, rounded down, in the smallest unit of the token.
    function worth(Provision storage provision, uint256 shares) internal view returns (uint128) {
        uint256 pool = provision.sharesThawing;
        return pool == 0 ? 0 : uint128(Math.mulDiv(shares, provision.tokensThawing, pool));
    }
}
