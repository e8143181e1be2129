// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ProvisionParameters} from "./base/ProvisionParameters.sol";
import {StakeLedger} from "./base/StakeLedger.sol";
import {Provision, ThawRequest, Thawing} from "./base/Thawing.sol";
import {IStakeService} from "./interfaces/IStakeService.sol";

/// @title Stake manager
/// @notice Holds the stake of providers, in the shape of The Graph Horizon: stake is idle, or provisioned to a service that may
/// slash it, and leaves a provision only by thawing. stake -> provision -> thaw -> deprovision -> unstake.
/// All amounts are in the smallest unit of the token, all times in seconds. The token must move exactly what it is
/// told to (no fees on transfer) and be burnable.
contract StakeManager is ProvisionParameters {
    using SafeERC20 for ERC20Burnable;
    using Thawing for Provision;

    /// @notice Idle stake was paid out to its provider.
    event Unstaked(address indexed provider, uint256 tokens);
    /// @notice A provision was made.
    event Provisioned(
        address indexed provider,
        address indexed service,
        uint256 tokens,
        uint32 maxVerifierCut,
        uint64 thawingPeriod
    );
    /// @notice Tokens began to thaw.
    event Thawed(
        address indexed provider,
        address indexed service,
        uint64 number,
        uint256 tokens,
        uint64 thawingUntil
    );
    /// @notice A thaw request was taken out. `tokens` is 0 when a slash had left nothing of it.
    event ThawRequestFulfilled(address indexed provider, address indexed service, uint64 number, uint256 tokens);
    /// @notice Thawed tokens became idle stake.
    event Deprovisioned(address indexed provider, address indexed service, uint256 tokens);
    /// @notice A service took `tokens` of a provision: `reward` of them were paid to `rewardTo`, the rest was burned.
    event Slashed(
        address indexed provider,
        address indexed service,
        uint256 tokens,
        uint256 reward,
        address rewardTo
    );
    /// @notice Less is provisioned, and not thawing, than was asked for.
    error InsufficientProvision(uint256 available, uint256 asked);
    /// @notice The service needs more than the thaw would leave.
    error StakeRequired(uint256 left, uint256 required);
    /// @notice There is a provision already: add to it.
    error ProvisionExists(address provider, address service);
    /// @notice No thaw request is due. `dueAt` is when the oldest will be, in seconds since 1970; 0 when there is none.
    error NothingThawed(uint64 dueAt);
    /// @notice The reward is more than the provision's cut of what is slashed.
    error RewardTooHigh(uint256 reward, uint256 max);
    /// @notice There is nothing to slash.
    error NothingToSlash(address provider, address service);
    /// @param token_ what is staked
    /// @param maxThawingPeriod_ the longest thawing period, in seconds (Horizon: 28 days)
    /// @param governor may unpause and grant roles
    /// @param guardian may pause
    constructor(ERC20Burnable token_, uint64 maxThawingPeriod_, address governor, address guardian)
        StakeLedger(token_, governor, guardian)
        ProvisionParameters(maxThawingPeriod_)
    {}

    /// @notice Adds to the caller's idle stake. The caller must have approved `tokens`.
    /// @param tokens in the smallest unit of the token
    function stake(uint256 tokens) external whenNotPaused nonReentrant {
        _stake(msg.sender, tokens);
    }

    /// @notice Adds to the idle stake of `provider`, paid by the caller, who must have approved `tokens`. Open to everybody.
    /// @param provider who is to own the stake
    /// @param tokens in the smallest unit of the token
    function stakeTo(address provider, uint256 tokens) external whenNotPaused nonReentrant {
        _requireAddress(provider);
        _stake(provider, tokens);
    }

    /// @notice stakeTo and addToProvision in one. Only the provider, or its operator at the service.
    /// @param provider who is to own the stake
    /// @param service where it is to stand
    /// @param tokens in the smallest unit of the token, paid by the caller
    function stakeToProvision(address provider, address service, uint256 tokens)
        external
        whenNotPaused
        nonReentrant
    {
        _requireAuthorized(provider, service);
        _stake(provider, tokens);
        _addToProvision(provider, service, tokens);
    }

    /// @notice Makes a provision out of idle stake. From then on the service may slash it.
    /// Only the provider, or its operator at the service.
    /// @param provider whose idle stake it is
    /// @param service who may slash it
    /// @param tokens in the smallest unit of the token
    /// @param maxVerifierCut the most of a slashed amount that may be paid as a reward, in parts per million
    /// @param thawingPeriod how long its tokens thaw, in seconds
    function provision(
        address provider,
        address service,
        uint256 tokens,
        uint32 maxVerifierCut,
        uint64 thawingPeriod
    ) external whenNotPaused {
        _requireAuthorized(provider, service);
        _requireAddress(service);
        _requireParameters(maxVerifierCut, thawingPeriod);
        Provision storage made = _provisions[provider][service];
        if (made.createdAt != 0) {
            revert ProvisionExists(provider, service);
        }
        _takeIdle(provider, tokens);
        made.tokens = uint128(tokens);
        made.maxVerifierCut = maxVerifierCut;
        made.thawingPeriod = thawingPeriod;
        made.createdAt = uint64(block.timestamp);
        emit Provisioned(provider, service, tokens, maxVerifierCut, thawingPeriod);
    }

    /// @notice Puts idle stake into a provision that exists. Only the provider, or its operator at the service.
    /// @param provider whose idle stake it is
    /// @param service where the provision stands
    /// @param tokens in the smallest unit of the token
    function addToProvision(address provider, address service, uint256 tokens) external whenNotPaused {
        _requireAuthorized(provider, service);
        _addToProvision(provider, service, tokens);
    }

    /// @notice Starts to take tokens out of a provision. They can be slashed until they are taken out. Refused when less would be
    /// left than the service requires. Only the provider, its operator at the service, or the service itself.
    /// @param provider whose provision it is
    /// @param service where it stands
    /// @param tokens in the smallest unit of the token
    /// @return number of the thaw request within the provision
    function thaw(address provider, address service, uint256 tokens)
        external
        whenNotPaused
        returns (uint64 number)
    {
        if (msg.sender != service) {
            _requireAuthorized(provider, service);
        }
        _requireTokens(tokens);
        Provision storage from = _provisions[provider][service];
        uint256 available = from.tokens - from.tokensThawing;
        if (tokens > available) {
            revert InsufficientProvision(available, tokens);
        }
        uint256 required = service.code.length == 0 ? 0 : IStakeService(service).requiredStake(provider);
        if (available - tokens < required) {
            revert StakeRequired(available - tokens, required);
        }
        uint64 thawingUntil;
        (number, thawingUntil) = from.open(_requests[provider][service], uint128(tokens));
        emit Thawed(provider, service, number, tokens, thawingUntil);
    }

    /// @notice Makes tokens idle whose thaw requests are due, the oldest request first, up to the first that is not due.
    /// Only the provider, or its operator at the service.
    /// @param provider whose provision it is
    /// @param service where it stands
    /// @param count how many requests at most; 0 for all
    /// @return tokens that became idle, in the smallest unit of the token
    function deprovision(address provider, address service, uint256 count)
        external
        whenNotPaused
        returns (uint256 tokens)
    {
        _requireAuthorized(provider, service);
        Provision storage from = _provisions[provider][service];
        mapping(uint64 => ThawRequest) storage requests = _requests[provider][service];
        uint256 limit = count == 0 ? MAX_THAW_REQUESTS : count;
        uint256 fulfilled = 0;
        while (fulfilled < limit) {
            (bool done, uint64 number, uint128 yielded) = from.close(requests);
            if (!done) {
                break;
            }
            fulfilled += 1;
            tokens += yielded;
            emit ThawRequestFulfilled(provider, service, number, yielded);
        }
        if (fulfilled == 0) {
            revert NothingThawed(requests[from.firstRequest].thawingUntil);
        }
        _stakes[provider].tokensProvisioned -= uint128(tokens);
        emit Deprovisioned(provider, service, tokens);
    }

    /// @notice Pays idle stake out to the caller, whose stake it must be: no operator can.
    /// @param tokens in the smallest unit of the token
    function unstake(uint256 tokens) external whenNotPaused nonReentrant {
        _requireTokens(tokens);
        uint256 idle = idleStake(msg.sender);
        if (tokens > idle) {
            revert InsufficientIdleStake(idle, tokens);
        }
        _stakes[msg.sender].tokensStaked -= uint128(tokens);
        emit Unstaked(msg.sender, tokens);
        token.safeTransfer(msg.sender, tokens);
    }

    /// @notice Takes tokens from the caller's provision of `provider`, thawing ones in proportion. A part is paid as a reward, the rest is
    /// burned. Takes all there is when `tokens` is more. Only the service itself.
    /// @param provider whose provision it is
    /// @param tokens in the smallest unit of the token
    /// @param reward how many of them are paid out; at most the provision's cut, rounded down
    /// @param rewardTo who gets the reward
    /// @return slashed what was taken, in the smallest unit of the token
    function slash(address provider, uint256 tokens, uint256 reward, address rewardTo)
        external
        whenNotPaused
        nonReentrant
        returns (uint256 slashed)
    {
        _requireTokens(tokens);
        Provision storage from = _provisions[provider][msg.sender];
        slashed = Math.min(tokens, from.tokens);
        if (slashed == 0) {
            revert NothingToSlash(provider, msg.sender);
        }
        uint256 maxReward = (slashed * from.maxVerifierCut) / MAX_PPM;
        if (reward > maxReward) {
            revert RewardTooHigh(reward, maxReward);
        }
        from.slash(uint128(slashed));
        Stake storage held = _stakes[provider];
        held.tokensStaked -= uint128(slashed);
        held.tokensProvisioned -= uint128(slashed);
        emit Slashed(provider, msg.sender, slashed, reward, rewardTo);
        if (reward > 0) {
            token.safeTransfer(rewardTo, reward);
        }
        token.burn(slashed - reward);
    }
}
