// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {MinerRegistry} from "../MinerRegistry.sol";
import {StakeManager} from "../StakeManager.sol";
import {Governed} from "./Governed.sol";

/// @title Epochs
/// @notice Time in epochs of one length, counted from 0 at deployment, and the one duty that a provider has in each: to check in.
abstract contract Epochs is Governed {
    using BitMaps for BitMaps.BitMap;

    /// @notice Whose providers have the duty.
    MinerRegistry public immutable registry;
    /// @notice How long an epoch is, in seconds.
    uint64 public immutable epochLength;
    /// @notice When epoch 0 began, seconds since 1970.
    uint64 public immutable genesis;

    mapping(address provider => BitMaps.BitMap) private _checkIns;

    /// @notice How many providers have checked in, by epoch.
    mapping(uint256 epoch => uint256) public checkInCount;

    /// @notice A provider did its duty of an epoch.
    event CheckedIn(address indexed provider, uint256 indexed epoch, address by);

    /// @notice An epoch must have a length.
    error ZeroEpochLength();
    /// @notice The epoch that was meant is over, or has not begun.
    error WrongEpoch(uint256 epoch, uint256 current);
    /// @notice The duty of this epoch is done.
    error AlreadyCheckedIn(address provider, uint256 epoch);
    /// @notice The provider has no miners, or its stake does not cover them.
    error NotEligible(address provider, uint256 miners, uint256 available, uint256 required);
    /// @notice The caller is neither the provider nor its operator at the registry.
    error NotAuthorized(address caller, address provider);

    constructor(MinerRegistry registry_, uint64 epochLength_, address governor, address guardian)
        Governed(governor, guardian)
    {
        _requireAddress(address(registry_));
        if (epochLength_ == 0) {
            revert ZeroEpochLength();
        }
        registry = registry_;
        epochLength = epochLength_;
        genesis = uint64(block.timestamp);
    }

    /// @notice Does the provider's duty of the epoch. It names the epoch, so that a transaction that comes too late does nothing
    /// rather than the duty of another one. Only the provider, or its operator at the registry.
    /// @param provider whose duty it is; it must have miners, and stake that covers them
    /// @param epoch the current one
    function checkIn(address provider, uint256 epoch) external whenNotPaused {
        uint256 current = currentEpoch();
        if (epoch != current) {
            revert WrongEpoch(epoch, current);
        }
        if (!_stakeManager().isAuthorized(provider, address(registry), msg.sender)) {
            revert NotAuthorized(msg.sender, provider);
        }
        if (_checkIns[provider].get(epoch)) {
            revert AlreadyCheckedIn(provider, epoch);
        }
        MinerRegistry.Provider memory seen = registry.providerOf(provider);
        if (seen.miners == 0 || seen.availableStake < seen.requiredStake) {
            revert NotEligible(provider, seen.miners, seen.availableStake, seen.requiredStake);
        }
        _checkIns[provider].set(epoch);
        checkInCount[epoch] += 1;
        emit CheckedIn(provider, epoch, msg.sender);
    }

    /// @notice Whether a provider has checked in in an epoch.
    /// @param provider whose duty
    /// @param epoch which
    function checkedIn(address provider, uint256 epoch) external view returns (bool) {
        return _checkIns[provider].get(epoch);
    }

    /// @notice When an epoch begins, seconds since 1970. It ends when the next one begins.
    /// @param epoch which
    function epochStart(uint256 epoch) external view returns (uint256) {
        return genesis + epoch * epochLength;
    }

    /// @notice The epoch of the latest block.
    function currentEpoch() public view returns (uint256) {
        return (block.timestamp - genesis) / epochLength;
    }

    function _stakeManager() internal view returns (StakeManager) {
        return registry.stakeManager();
    }
}
