// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Governed} from "./Governed.sol";
import {Operators} from "./Operators.sol";
import {Provision, ThawRequest, Thawing} from "./Thawing.sol";

/// @title Stake ledger
/// @notice Who has how much stake, and where it stands; the reading half of StakeManager.
abstract contract StakeLedger is Governed, Operators, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for ERC20Burnable;
    using Thawing for Provision;

    /// @notice Stake of one provider.
    /// @param tokensStaked all of it
    /// @param tokensProvisioned the part that stands at services; the rest is idle
    struct Stake {
        uint128 tokensStaked;
        uint128 tokensProvisioned;
    }

    /// @notice A thaw request as a reader wants it.
    /// @param number its number, counted up from 0 within the provision
    /// @param tokens what it would yield now; slashes may make it less until it is taken out
    /// @param thawingUntil when it is due, seconds since 1970
    /// @param void whether a slash has left nothing of it
    struct ThawRequestView {
        uint64 number;
        uint128 tokens;
        uint64 thawingUntil;
        bool void;
    }

    /// @notice The most thaw requests that may be open at once in one provision.
    uint256 public constant MAX_THAW_REQUESTS = Thawing.MAX_REQUESTS;

    /// @notice What is staked.
    ERC20Burnable public immutable token;

    mapping(address provider => Stake) internal _stakes;
    mapping(address provider => mapping(address service => Provision)) internal _provisions;
    mapping(address provider => mapping(address service => mapping(uint64 => ThawRequest))) internal _requests;

    /// @notice Tokens came in as idle stake of `provider`.
    event Staked(address indexed provider, address indexed from, uint256 tokens);
    /// @notice Idle stake went into a provision.
    event ProvisionIncreased(address indexed provider, address indexed service, uint256 tokens);
    /// @notice The amount is zero.
    error ZeroTokens();
    /// @notice Less stake is idle than was asked for.
    error InsufficientIdleStake(uint256 idle, uint256 asked);
    /// @notice There is no such provision.
    error NoProvision(address provider, address service);

    constructor(ERC20Burnable token_, address governor, address guardian) Governed(governor, guardian) {
        _requireAddress(address(token_));
        token = token_;
    }

    /// @notice All stake of a provider, and the part of it that stands at services.
    /// @param provider whose stake it is
    function stakeOf(address provider) external view returns (Stake memory) {
        return _stakes[provider];
    }

    /// @notice The provision of a provider at a service; all zero when there is none.
    /// @param provider whose provision it is
    /// @param service where it stands
    function provisionOf(address provider, address service) external view returns (Provision memory) {
        return _provisions[provider][service];
    }

    /// @notice What counts for a service: provisioned tokens that do not thaw, in the smallest unit of the token.
    /// @param provider whose provision it is
    /// @param service where it stands
    function availableStake(address provider, address service) external view returns (uint256) {
        Provision storage from = _provisions[provider][service];
        return from.tokens - from.tokensThawing;
    }

    /// @notice The open thaw requests of a provision, the oldest first; at most MAX_THAW_REQUESTS.
    /// @param provider whose provision it is
    /// @param service where it stands
    function thawRequestsOf(address provider, address service)
        external
        view
        returns (ThawRequestView[] memory requests)
    {
        Provision storage from = _provisions[provider][service];
        requests = new ThawRequestView[](from.nextRequest - from.firstRequest);
        for (uint256 i = 0; i < requests.length; i++) {
            uint64 number = from.firstRequest + uint64(i);
            ThawRequest storage request = _requests[provider][service][number];
            bool void = request.thawingNonce != from.thawingNonce;
            uint128 tokens = void ? 0 : from.worth(request.shares);
            requests[i] = ThawRequestView(number, tokens, request.thawingUntil, void);
        }
    }

    /// @notice Stake that stands at no service, in the smallest unit of the token. Only it can be paid out.
    /// @param provider whose stake it is
    function idleStake(address provider) public view returns (uint256) {
        Stake storage held = _stakes[provider];
        return held.tokensStaked - held.tokensProvisioned;
    }

    function _stake(address provider, uint256 tokens) internal {
        _requireTokens(tokens);
        Stake storage held = _stakes[provider];
        held.tokensStaked = (held.tokensStaked + tokens).toUint128();
        emit Staked(provider, msg.sender, tokens);
        token.safeTransferFrom(msg.sender, address(this), tokens);
    }

    function _addToProvision(address provider, address service, uint256 tokens) internal {
        Provision storage to = _provisionAt(provider, service);
        _takeIdle(provider, tokens);
        to.tokens += uint128(tokens);
        emit ProvisionIncreased(provider, service, tokens);
    }

    function _takeIdle(address provider, uint256 tokens) internal {
        _requireTokens(tokens);
        uint256 idle = idleStake(provider);
        if (tokens > idle) {
            revert InsufficientIdleStake(idle, tokens);
        }
        _stakes[provider].tokensProvisioned += uint128(tokens);
    }

    function _provisionAt(address provider, address service) internal view returns (Provision storage found) {
        found = _provisions[provider][service];
        if (found.createdAt == 0) {
            revert NoProvision(provider, service);
        }
    }

    function _requireTokens(uint256 tokens) internal pure {
        if (tokens == 0) {
            revert ZeroTokens();
        }
    }
}
