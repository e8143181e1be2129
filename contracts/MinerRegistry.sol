// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {StakeManager} from "./StakeManager.sol";
import {MinerBook} from "./base/MinerBook.sol";
import {Provision} from "./base/Thawing.sol";

/// @title Miner registry
/// @notice The service that miners work for. One provision of a provider carries all its miners:
///   required stake = miners x stakePerMiner + ceil(units x stakePerUnit / 1000)
/// where units are thousandths of a V100 (one V100 is 1000, an H100 SXM some 7900). Provisioned stake that does not thaw must cover it
/// when a miner is added, and a thaw must leave that much.
contract MinerRegistry is MinerBook {
    /// @notice May slash.
    bytes32 public constant SLASHER_ROLE = keccak256("SLASHER_ROLE");

    /// @notice What an endpoint and the units of a new miner are.
    /// @param id the provider's own name for it; another provider may use the same
    /// @param endpointHash hash of where it is reached
    /// @param milliUnits its size in thousandths of a V100
    struct NewMiner {
        bytes32 id;
        bytes32 endpointHash;
        uint32 milliUnits;
    }

    /// @notice A provider was slashed for what a miner of it did.
    event ProviderSlashed(
        address indexed provider,
        bytes32 indexed id,
        bytes32 indexed reason,
        uint256 tokens,
        uint256 reward,
        address rewardTo
    );

    /// @param stakeManager_ where the stake is
    /// @param terms_ what a miner needs at first
    /// @param governor sets terms, unpauses, grants roles
    /// @param guardian may pause
    /// @param slasher may slash; a contract that settles disputes
    constructor(
        StakeManager stakeManager_,
        Terms memory terms_,
        address governor,
        address guardian,
        address slasher
    ) MinerBook(stakeManager_, terms_, governor, guardian) {
        _requireAddress(slasher);
        _grantRole(SLASHER_ROLE, slasher);
    }

    /// @notice Adds a miner. Only the provider, or its operator here.
    /// @param provider whose provision carries it
    /// @param id the provider's own name for it
    /// @param endpointHash hash of where it is reached
    /// @param milliUnits its size in thousandths of a V100
    function register(address provider, bytes32 id, bytes32 endpointHash, uint32 milliUnits)
        external
        whenNotPaused
    {
        _requireAuthorized(provider);
        _add(provider, id, endpointHash, milliUnits);
        _requireCovered(provider);
    }

    /// @notice Adds several miners, all or none. Only the provider, or its operator here.
    /// @param provider whose provision carries them
    /// @param miners what they are
    function registerMany(address provider, NewMiner[] calldata miners) external whenNotPaused {
        _requireAuthorized(provider);
        for (uint256 i = 0; i < miners.length; i++) {
            _add(provider, miners[i].id, miners[i].endpointHash, miners[i].milliUnits);
        }
        _requireCovered(provider);
    }

    /// @notice Says where a miner is reached from now on. Only the provider, or its operator here.
    /// @param provider whose miner it is
    /// @param id its name
    /// @param endpointHash hash of where it is reached
    function setEndpoint(address provider, bytes32 id, bytes32 endpointHash) external whenNotPaused {
        _requireAuthorized(provider);
        _move(provider, id, endpointHash);
    }

    /// @notice Takes a miner off; its stake stays provisioned, free for another miner or to thaw.
    /// Only the provider, or its operator here.
    /// @param provider whose miner it is
    /// @param id its name
    function deregister(address provider, bytes32 id) external whenNotPaused {
        _requireAuthorized(provider);
        _remove(provider, id);
    }

    /// @notice Takes several miners off, all or none. Only the provider, or its operator here.
    /// @param provider whose miners they are
    /// @param ids their names
    function deregisterMany(address provider, bytes32[] calldata ids) external whenNotPaused {
        _requireAuthorized(provider);
        for (uint256 i = 0; i < ids.length; i++) {
            _remove(provider, ids[i]);
        }
    }

    /// @notice Takes a miner off and starts to thaw the stake that this frees: as much of what it needed as the miners that are
    /// left do not need. Only the provider, or its operator here.
    /// @param provider whose miner it is
    /// @param id its name
    /// @return tokens that began to thaw, in the smallest unit of the token; 0 when a slash has eaten them
    function deregisterAndThaw(address provider, bytes32 id) external whenNotPaused returns (uint256 tokens) {
        _requireAuthorized(provider);
        uint256 before = requiredStake(provider);
        _remove(provider, id);
        uint256 left = requiredStake(provider);
        (, uint256 free) = Math.trySub(stakeManager.availableStake(provider, address(this)), left);
        tokens = Math.min(before - left, free);
        if (tokens > 0) {
            stakeManager.thaw(provider, address(this), tokens);
        }
    }

    /// @notice Takes off a miner of a provider whose stake no longer covers its miners, as after a slash. Open to everybody.
    /// @param provider whose miner it is
    /// @param id its name
    function eject(address provider, bytes32 id) external whenNotPaused {
        (uint256 available, uint256 required) = coverOf(provider);
        if (available >= required) {
            revert StakeSufficient(available, required);
        }
        _remove(provider, id);
        emit MinerEjected(provider, id, msg.sender);
    }

    /// @notice Puts the terms that a provider has staged for its provision in force, if they meet the registry's.
    /// Only the provider, or its operator here.
    /// @param provider whose provision it is
    function acceptProvisionParameters(address provider) external whenNotPaused {
        _requireAuthorized(provider);
        stakeManager.acceptProvisionParameters(provider);
        Provision memory held = stakeManager.provisionOf(provider, address(this));
        _requireTerms(held.maxVerifierCut, held.thawingPeriod);
    }

    /// @notice Slashes a provider for what one of its miners did. Only the slasher.
    /// @param provider whose provision is slashed
    /// @param id the miner; it may have been deregistered since
    /// @param tokens in the smallest unit of the token; what is there when it is more
    /// @param reward how many of them are paid out; at most the provision's cut of them
    /// @param rewardTo who gets the reward
    /// @param reason what for: the hash of the evidence, or a short word
    /// @return slashed what was taken, in the smallest unit of the token
    function slash(
        address provider,
        bytes32 id,
        uint256 tokens,
        uint256 reward,
        address rewardTo,
        bytes32 reason
    ) external whenNotPaused onlyRole(SLASHER_ROLE) returns (uint256 slashed) {
        slashed = stakeManager.slash(provider, tokens, reward, rewardTo);
        emit ProviderSlashed(provider, id, reason, slashed, reward, rewardTo);
    }
}
