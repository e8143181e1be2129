// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {StakeManager} from "../StakeManager.sol";
import {IStakeService} from "../interfaces/IStakeService.sol";
import {Governed} from "./Governed.sol";
import {Provision} from "./Thawing.sol";

/// @title Miner book
/// @notice Which miners there are, what stake they need, and what terms a provision must have; the reading half of MinerRegistry.
abstract contract MinerBook is Governed, IStakeService {
    /// @notice What miners need. Set by the governor.
    /// @param stakePerUnit for one V100 equivalent, in the smallest unit of the token
    /// @param stakePerMiner for each miner besides, in the smallest unit of the token
    /// @param minThawingPeriod the shortest thawing period of a provision, in seconds: as long as a dispute may take
    /// @param minVerifierCut the smallest reward that a provision must allow, in parts per million of what is slashed
    struct Terms {
        uint128 stakePerUnit;
        uint128 stakePerMiner;
        uint64 minThawingPeriod;
        uint32 minVerifierCut;
    }

    /// @notice A miner.
    /// @param id the provider's own name for it
    /// @param endpointHash hash of where it is reached
    /// @param milliUnits its size in thousandths of a V100
    /// @param registeredAt seconds since 1970
    struct Miner {
        bytes32 id;
        bytes32 endpointHash;
        uint32 milliUnits;
        uint64 registeredAt;
    }

    /// @notice A provider at a glance.
    /// @param miners how many it has
    /// @param milliUnits their size together, in thousandths of a V100
    /// @param availableStake provisioned here and not thawing, in the smallest unit of the token
    /// @param requiredStake what its miners need, in the smallest unit of the token
    struct Provider {
        uint32 miners;
        uint64 milliUnits;
        uint256 availableStake;
        uint256 requiredStake;
    }

    struct Totals {
        uint32 miners;
        uint64 milliUnits;
    }

    struct Entry {
        bytes32 endpointHash;
        uint32 milliUnits;
        uint64 registeredAt;
        // Place in the provider's list, counted from 1; 0: not registered.
        uint32 place;
    }

    /// @notice Where the stake is.
    StakeManager public immutable stakeManager;

    Terms private _terms;
    mapping(address provider => Totals) private _totals;
    mapping(address provider => bytes32[]) private _ids;
    mapping(address provider => mapping(bytes32 id => Entry)) private _entries;

    /// @notice The governor changed what miners need.
    event TermsSet(uint128 stakePerUnit, uint128 stakePerMiner, uint64 minThawingPeriod, uint32 minVerifierCut);
    /// @notice A miner was added.
    event MinerRegistered(
        address indexed provider,
        bytes32 indexed id,
        bytes32 endpointHash,
        uint32 milliUnits
    );
    /// @notice A miner is reached elsewhere.
    event EndpointSet(address indexed provider, bytes32 indexed id, bytes32 endpointHash);
    /// @notice A miner was taken off.
    event MinerDeregistered(address indexed provider, bytes32 indexed id);
    /// @notice ... by somebody else, because the provider's stake did not cover its miners.
    event MinerEjected(address indexed provider, bytes32 indexed id, address by);

    /// @notice The caller is neither the provider nor its operator here.
    error NotAuthorized(address caller, address provider);
    /// @notice Too little stake is provisioned, and not thawing, for the miners that there would be.
    error InsufficientStake(uint256 available, uint256 required);
    /// @notice The stake covers the miners: nobody may eject one.
    error StakeSufficient(uint256 available, uint256 required);
    /// @notice The provision lets less of a slashed amount be paid as a reward than the registry needs.
    error VerifierCutTooLow(uint32 ppm, uint32 min);
    /// @notice The provision thaws faster than the registry allows.
    error ThawingPeriodTooShort(uint64 period, uint64 min);
    /// @notice No provision could meet such terms: the cut is more than all, or the period longer than StakeManager allows.
    error TermsImpossible(uint32 minVerifierCut, uint64 minThawingPeriod);
    /// @notice A miner must have a size.
    error ZeroUnits(bytes32 id);
    /// @notice The provider has a miner of this name.
    error MinerExists(address provider, bytes32 id);
    /// @notice The provider has no miner of this name.
    error NoMiner(address provider, bytes32 id);

    constructor(StakeManager stakeManager_, Terms memory terms_, address governor, address guardian)
        Governed(governor, guardian)
    {
        _requireAddress(address(stakeManager_));
        stakeManager = stakeManager_;
        _setTerms(terms_);
    }

    /// @notice Changes what miners need. Providers that it leaves short can add no miner and thaw nothing until they have
    /// added stake, and their miners can be ejected: announce it. Only the governor.
    /// @param terms_ from now on
    function setTerms(Terms calldata terms_) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setTerms(terms_);
    }

    /// @notice What miners need.
    function terms() external view returns (Terms memory) {
        return _terms;
    }

    /// @notice A provider at a glance.
    /// @param provider which
    function providerOf(address provider) external view returns (Provider memory) {
        (uint256 available, uint256 required) = coverOf(provider);
        return Provider(_totals[provider].miners, _totals[provider].milliUnits, available, required);
    }

    /// @notice The miners of a provider, in no particular order; deregistering changes it.
    /// @param provider whose miners
    /// @param offset how many to leave out
    /// @param limit how many to return at most
    function minersOf(address provider, uint256 offset, uint256 limit)
        external
        view
        returns (Miner[] memory miners)
    {
        bytes32[] storage ids = _ids[provider];
        uint256 start = Math.min(offset, ids.length);
        miners = new Miner[](Math.min(limit, ids.length - start));
        for (uint256 i = 0; i < miners.length; i++) {
            miners[i] = _miner(provider, ids[start + i]);
        }
    }

    /// @notice One miner; `registeredAt` is 0 when there is none.
    /// @param provider whose miner
    /// @param id its name
    function minerOf(address provider, bytes32 id) external view returns (Miner memory) {
        return _miner(provider, id);
    }

    /// @notice What a number of miners of a total size would need, in the smallest unit of the token.
    /// @param miners how many
    /// @param milliUnits their size together, in thousandths of a V100
    function requiredFor(uint256 miners, uint256 milliUnits) public view returns (uint256) {
        return miners * _terms.stakePerMiner + Math.ceilDiv(milliUnits * _terms.stakePerUnit, 1000);
    }

    /// @notice What the miners of a provider need, in the smallest unit of the token.
    /// @param provider whose miners
    function requiredStake(address provider) public view returns (uint256) {
        Totals storage totals = _totals[provider];
        return requiredFor(totals.miners, totals.milliUnits);
    }

    /// @notice Stake that is provisioned here and does not thaw, and what the miners need, both in the smallest unit of the token.
    /// @param provider whose
    function coverOf(address provider) public view returns (uint256 available, uint256 required) {
        return (stakeManager.availableStake(provider, address(this)), requiredStake(provider));
    }

    function _add(address provider, bytes32 id, bytes32 endpointHash, uint32 milliUnits) internal {
        if (milliUnits == 0) {
            revert ZeroUnits(id);
        }
        Entry storage entry = _entries[provider][id];
        if (entry.place != 0) {
            revert MinerExists(provider, id);
        }
        _ids[provider].push(id);
        Totals storage totals = _totals[provider];
        totals.miners += 1;
        totals.milliUnits += milliUnits;
        entry.endpointHash = endpointHash;
        entry.milliUnits = milliUnits;
        entry.registeredAt = uint64(block.timestamp);
        entry.place = totals.miners;
        emit MinerRegistered(provider, id, endpointHash, milliUnits);
    }

    function _move(address provider, bytes32 id, bytes32 endpointHash) internal {
        _existing(provider, id).endpointHash = endpointHash;
        emit EndpointSet(provider, id, endpointHash);
    }

    function _remove(address provider, bytes32 id) internal {
        Entry storage entry = _existing(provider, id);
        bytes32[] storage ids = _ids[provider];
        uint32 place = entry.place;
        bytes32 last = ids[ids.length - 1];
        if (last != id) {
            ids[place - 1] = last;
            _entries[provider][last].place = place;
        }
        ids.pop();
        Totals storage totals = _totals[provider];
        totals.miners -= 1;
        totals.milliUnits -= entry.milliUnits;
        delete _entries[provider][id];
        emit MinerDeregistered(provider, id);
    }

    function _requireCovered(address provider) internal view {
        Provision memory held = stakeManager.provisionOf(provider, address(this));
        uint256 available = held.tokens - held.tokensThawing;
        uint256 required = requiredStake(provider);
        if (available < required) {
            revert InsufficientStake(available, required);
        }
        _requireTerms(held.maxVerifierCut, held.thawingPeriod);
    }

    function _requireTerms(uint32 maxVerifierCut, uint64 thawingPeriod) internal view {
        if (maxVerifierCut < _terms.minVerifierCut) {
            revert VerifierCutTooLow(maxVerifierCut, _terms.minVerifierCut);
        }
        if (thawingPeriod < _terms.minThawingPeriod) {
            revert ThawingPeriodTooShort(thawingPeriod, _terms.minThawingPeriod);
        }
    }

    function _requireAuthorized(address provider) internal view {
        if (!stakeManager.isAuthorized(provider, address(this), msg.sender)) {
            revert NotAuthorized(msg.sender, provider);
        }
    }

    function _existing(address provider, bytes32 id) private view returns (Entry storage entry) {
        entry = _entries[provider][id];
        if (entry.place == 0) {
            revert NoMiner(provider, id);
        }
    }

    function _miner(address provider, bytes32 id) private view returns (Miner memory) {
        Entry storage entry = _entries[provider][id];
        return Miner(id, entry.endpointHash, entry.milliUnits, entry.registeredAt);
    }

    function _setTerms(Terms memory terms_) private {
        bool impossible = terms_.minVerifierCut > stakeManager.MAX_PPM()
            || terms_.minThawingPeriod > stakeManager.maxThawingPeriod();
        if (impossible) {
            revert TermsImpossible(terms_.minVerifierCut, terms_.minThawingPeriod);
        }
        _terms = terms_;
        emit TermsSet(
            terms_.stakePerUnit,
            terms_.stakePerMiner,
            terms_.minThawingPeriod,
            terms_.minVerifierCut
        );
    }
}
